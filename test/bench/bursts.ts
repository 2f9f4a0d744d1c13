/** Requests that lie closer together than half a rate window, in ms. */
interface Burst {
  readonly first: number;
  readonly last: number;
  readonly requests: number;
}

/** Ten requests are started a second. */
export const paceMs = (requests: number) => Math.floor((requests - 1) / 10) * 1_000;

/**
 * Returns the time without requests although there was work, in ms: from the end of each window to the first request of
 * the next. A window ends its length after its first request, plus the time that starting its requests takes.
 */
export function deadTimes(requestsAtMs: readonly number[], windowMs: number): number[] {
  const bursts = burstsOf(requestsAtMs, windowMs);
  return bursts.flatMap(({ first, requests }, n) => {
    const next = bursts[n + 1];
    return next ? [next.first - first - windowMs - paceMs(requests)] : [];
  });
}

export function burstsOf(requestsAtMs: readonly number[], windowMs: number): Burst[] {
  const bursts: Burst[] = [];
  for (const atMs of requestsAtMs) {
    const current = bursts.at(-1);
    if (current && atMs - current.last < windowMs / 2)
      bursts[bursts.length - 1] = { ...current, last: atMs, requests: current.requests + 1 };
    else bursts.push({ first: atMs, last: atMs, requests: 1 });
  }
  return bursts;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
