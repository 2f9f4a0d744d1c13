/**
 * Loads items several at a time and gives them in their order: constant memory, whatever their number. What was loaded
 * and is not wanted any more is handed to `discard`.
 */
export async function* prefetch<T, R>(
  items: Iterable<T>,
  width: number,
  load: (item: T) => Promise<R>,
  discard: (loaded: R) => Promise<void> = async () => {},
): AsyncGenerator<R> {
  const loading: Promise<R>[] = [];
  try {
    for (const item of items) {
      const next = load(item);
      // Told when it is awaited in its turn.
      next.catch(() => undefined);
      loading.push(next);
      const first = loading.length < width ? undefined : loading.shift();
      if (first) yield await first;
    }
    for (let first = loading.shift(); first; first = loading.shift()) yield await first;
  } finally {
    await Promise.allSettled(loading.map(async (next) => discard(await next)));
  }
}
