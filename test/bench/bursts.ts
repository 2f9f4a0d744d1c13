/** Requests that lie closer together than half a rate window, in ms. */
interface Burst {
  readonly first: number;
  readonly last: number;
}

/** Returns the time without requests although there was work, in ms: from the end of each window to the first request of the next. */
export function deadTimes(requestsAtMs: readonly number[], windowMs: number): number[] {
  const bursts = burstsOf(requestsAtMs, windowMs);
  return bursts.slice(1).map((burst, n) => burst.first - (bursts[n]?.first ?? 0) - windowMs);
}

export function burstsOf(requestsAtMs: readonly number[], windowMs: number): Burst[] {
  const bursts: Burst[] = [];
  for (const atMs of requestsAtMs) {
    const current = bursts.at(-1);
    if (current && atMs - current.last < windowMs / 2) bursts[bursts.length - 1] = { ...current, last: atMs };
    else bursts.push({ first: atMs, last: atMs });
  }
  return bursts;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
