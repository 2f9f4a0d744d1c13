import { orderedProgress } from "./ordered-progress.ts";

/** Does `work` for every item, up to `width` at a time; the first error is thrown once all under way have ended. */
export async function forEachConcurrent<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  for await (const _done of orderedProgress(items, { alreadyDone: 0, width }, work));
}
