export interface OrderedProgressOptions {
  /** Number of items done before the first of `items`. */
  readonly alreadyDone: number;
  readonly concurrency: number;
}

/**
 * Processes `items` concurrently; yields how many leading items are done, a cursor that is safe to store. After an
 * error no item starts; it is thrown when running items have ended.
 */
export async function* orderedProgress<T>(
  items: Iterable<T> | AsyncIterable<T>,
  { alreadyDone, concurrency }: OrderedProgressOptions,
  work: (item: T) => Promise<void>,
): AsyncGenerator<number> {
  const source = iteratorOf(items);
  const inFlight = new Map<number, Promise<number>>();
  const finished = new Set<number>();
  let failure: { readonly error: unknown } | undefined;
  let next = alreadyDone;
  let done = alreadyDone;
  let ended = false;

  const start = (index: number, item: T) => {
    const task = work(item).then(
      () => void finished.add(index),
      (error: unknown) => {
        failure ??= { error };
      },
    );
    inFlight.set(
      index,
      task.then(() => index),
    );
  };

  try {
    for (;;) {
      while (!failure && !ended && inFlight.size < concurrency) {
        const item = await source.next();
        if (item.done) ended = true;
        else start(next++, item.value);
      }
      if (inFlight.size === 0) break;
      inFlight.delete(await Promise.race(inFlight.values()));
      const previous = done;
      while (finished.delete(done)) done++;
      if (done > previous) yield done;
    }
  } finally {
    await Promise.all(inFlight.values());
  }
  if (failure) throw failure.error;
}

function iteratorOf<T>(items: Iterable<T> | AsyncIterable<T>): Iterator<T> | AsyncIterator<T> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}
