/**
 * Loads up to `concurrency` items ahead and yields them in order, in constant memory. When the reader stops early, the
 * remaining loaded items go to `discard`.
 */
export async function* prefetch<T, R>(
  items: Iterable<T>,
  concurrency: number,
  load: (item: T) => Promise<R>,
  discard: (loaded: R) => Promise<void> = async () => {},
): AsyncGenerator<R> {
  const loading: Promise<R>[] = [];
  try {
    for (const item of items) {
      const next = load(item);
      // The error is thrown when this item is awaited; until then it must not count as unhandled.
      next.catch(() => undefined);
      loading.push(next);
      const first = loading.length < concurrency ? undefined : loading.shift();
      if (first) yield await first;
    }
    for (let first = loading.shift(); first; first = loading.shift()) yield await first;
  } finally {
    await Promise.allSettled(loading.map(async (next) => discard(await next)));
  }
}
