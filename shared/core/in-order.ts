/**
 * Works on `items[from…]`, up to `width` at a time, and yields how many of the leading items are done: a cursor that
 * is safe to store. When one item throws, no further item starts, those under way finish, then the first error is thrown.
 */
export async function* inOrder<T>(
  items: readonly T[],
  from: number,
  width: number,
  work: (item: T) => Promise<void>,
): AsyncGenerator<number> {
  const underWay = new Map<number, Promise<number>>();
  const finished = new Set<number>();
  let failure: { readonly error: unknown } | undefined;
  let next = from;
  let done = from;

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
      for (; !failure && underWay.size < width && next < items.length; next++) start(next, items[next] as T);
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
