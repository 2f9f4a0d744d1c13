export interface InOrderOptions {
  /** How many items were done before these. */
  readonly alreadyDone: number;
  /** How many are worked on at a time. */
  readonly width: number;
}

/**
 * Works on `items`, several at a time, and yields how many of the leading items are done, `from` included: a cursor that
 * is safe to store. When one item throws, no further item starts, those under way finish, then the first error is thrown.
 */
export async function* orderedProgress<T>(
  items: Iterable<T> | AsyncIterable<T>,
  { alreadyDone, width }: InOrderOptions,
  work: (item: T) => Promise<void>,
): AsyncGenerator<number> {
  const source = iteratorOf(items);
  const underWay = new Map<number, Promise<number>>();
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
    underWay.set(
      index,
      task.then(() => index),
    );
  };

  try {
    for (;;) {
      while (!failure && !ended && underWay.size < width) {
        const item = await source.next();
        if (item.done) ended = true;
        else start(next++, item.value);
      }
      if (underWay.size === 0) break;
      underWay.delete(await Promise.race(underWay.values()));
      const before = done;
      while (finished.delete(done)) done++;
      if (done > before) yield done;
    }
  } finally {
    await Promise.all(underWay.values());
  }
  if (failure) throw failure.error;
}

function iteratorOf<T>(items: Iterable<T> | AsyncIterable<T>): Iterator<T> | AsyncIterator<T> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}
