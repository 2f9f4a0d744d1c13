import { orderedProgress } from "./ordered-progress.ts";

/**
 * Runs `work` for each item; an asynchronous source makes one item at a time. After an error no item starts; it is thrown when
 * running items have ended.
 */
export async function forEachConcurrent<T>(
  items: Iterable<T> | AsyncIterable<T>,
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  for await (const _done of orderedProgress(items, { alreadyDone: 0, concurrency }, work));
}
