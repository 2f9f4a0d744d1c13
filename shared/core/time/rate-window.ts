/** RingCentral's rate-limit headers of a response. https://developers.ringcentral.com/guide/basics/rate-limits */
export interface RateHeaders {
  readonly limit: number;
  readonly remaining: number;
  readonly windowMs: number;
}

/**
 * What one slice knows of one rate group: nothing until the first response. Then the remaining requests may start
 * concurrently, and after them the next window must begin. Jobs that are at work on the group at once share them.
 */
export interface RateWindow {
  /** RingCentral's limit; undefined until the first response. */
  readonly limit: number | undefined;
  /** Requests that may still start in the group; undefined until the first response. */
  readonly remaining: number | undefined;
  /** Jobs at work on the group, this one included. */
  readonly jobs: number;
  /** Requests that the slice has started, and those of them without a response. */
  readonly started: number;
  readonly inFlight: number;
  /** Requests started since none was in flight. */
  readonly batch: number;
  /** Requests started while `remaining` was undefined. */
  readonly startedBlind: number;
  readonly windowMs: number;
  /** Epoch ms of the last response; RingCentral counted every request before it. */
  readonly lastResponseAtMs: number;
  /** Epoch ms before which no request may start, after a 429; 0 if none came. */
  readonly blockedUntilMs: number;
}

/**
 * Whether a request may start: now, as the only one in flight, or not before `untilMs` (epoch ms). While requests are in
 * flight, their end may allow it earlier.
 */
export type Admission =
  | { readonly type: "go" }
  | { readonly type: "probe" }
  | { readonly type: "wait"; readonly untilMs: number };

const defaultWindowMs = 60_000;
/**
 * Responses without rate-limit headers (401, 5xx, lost connections) count at RingCentral; the Heavy group allows 10 a
 * minute.
 */
const maxStartedBlind = 5;

/** The window before RingCentral's first response: its limit is unknown. */
export const initialWindow: RateWindow = {
  limit: undefined,
  remaining: undefined,
  jobs: 1,
  started: 0,
  inFlight: 0,
  batch: 0,
  startedBlind: 0,
  windowMs: defaultWindowMs,
  lastResponseAtMs: 0,
  blockedUntilMs: 0,
};

/**
 * Returns whether a request may start at `nowMs`. `probe`: only if no other is in flight, because the rate limit is
 * unknown.
 */
export function admissionAt(window: RateWindow, nowMs: number): Admission {
  const untilMs = nextWindowAtMs(window, nowMs);
  if (untilMs !== undefined) return { type: "wait", untilMs };
  return window.remaining === undefined ? { type: "probe" } : { type: "go" };
}

/**
 * Epoch ms at which the rate group may be used again: end of a block, or one window after the last response.
 * Undefined while requests remain.
 */
export function nextWindowAtMs(window: RateWindow, nowMs: number): number | undefined {
  if (nowMs < window.blockedUntilMs) return window.blockedUntilMs;
  const { startedBlind, lastResponseAtMs, windowMs } = window;
  const share = shareOfRemaining(window);
  const isUsedUp = share === undefined ? startedBlind >= maxStartedBlind : share === 0;
  return isUsedUp ? lastResponseAtMs + windowMs : undefined;
}

/**
 * Epoch ms at which the next slice may use the rate group. A slice that shared it leaves its rest to the others: the next
 * slice would count its share anew.
 */
export function nextSliceAtMs(window: RateWindow, nowMs: number): number | undefined {
  const { jobs, started, lastResponseAtMs, windowMs } = window;
  const hasShared = jobs > 1 && started > 0;
  return nextWindowAtMs(window, nowMs) ?? (hasShared ? lastResponseAtMs + windowMs : undefined);
}

/** Returns how many requests a slice may send in a window: the limit divided by the jobs at work, rounded down. */
export function shareOfLimit({ limit, jobs }: RateWindow): number | undefined {
  return limit === undefined ? undefined : Math.floor(limit / jobs);
}

/**
 * Returns how many requests this slice may start now: what remains, divided by the jobs at work and rounded down, until its
 * share of the limit is used up. Whenever none is in flight, what then remains is divided again.
 */
export function shareOfRemaining(window: RateWindow): number | undefined {
  const { remaining, jobs, started, batch } = window;
  if (remaining === undefined || jobs === 1) return remaining;
  const ofRemaining = Math.floor((remaining + batch) / jobs) - batch;
  return Math.max(0, Math.min(ofRemaining, (shareOfLimit(window) ?? 0) - started));
}

/** Returns how many requests of the window RingCentral counted besides this slice's; undefined before its first response. */
export function requestsOfOthers({ limit, remaining, started }: RateWindow): number | undefined {
  if (limit === undefined || remaining === undefined) return undefined;
  return Math.max(0, limit - remaining - started);
}

/** Returns the window after a request started: one fewer remains. */
export function afterStart(window: RateWindow): RateWindow {
  const { remaining, startedBlind, started, inFlight, batch } = window;
  const begun = { ...window, started: started + 1, inFlight: inFlight + 1, batch: batch + 1 };
  if (remaining === undefined) return { ...begun, startedBlind: startedBlind + 1 };
  return { ...begun, remaining: Math.max(0, remaining - 1) };
}

/** Returns the window after a slot was released unused. A blocked window stays empty. */
export function afterRelease(window: RateWindow): RateWindow {
  const { remaining, startedBlind, blockedUntilMs, started, batch } = window;
  const ended = afterEnd({ ...window, started: Math.max(0, started - 1), batch: Math.max(0, batch - 1) });
  if (remaining === undefined) return { ...ended, startedBlind: Math.max(0, startedBlind - 1) };
  return blockedUntilMs > 0 ? ended : { ...ended, remaining: remaining + 1 };
}

function afterEnd(window: RateWindow): RateWindow {
  const inFlight = Math.max(0, window.inFlight - 1);
  return { ...window, inFlight, batch: inFlight === 0 ? 0 : window.batch };
}

/** Returns the window after a response. `remaining` never grows: the headers do not count requests still in flight. */
export function afterResponse(window: RateWindow, headers: RateHeaders | undefined, atMs: number): RateWindow {
  const ended = { ...afterEnd(window), lastResponseAtMs: Math.max(window.lastResponseAtMs, atMs) };
  if (!headers) return ended;
  const { limit, windowMs } = headers;
  return { ...ended, limit, remaining: Math.min(window.remaining ?? limit, headers.remaining), windowMs };
}

/** Returns the window after a 429. A request before `untilMs` would restart RingCentral's penalty. */
export function afterBlock(window: RateWindow, untilMs: number): RateWindow {
  return { ...window, remaining: 0, blockedUntilMs: Math.max(window.blockedUntilMs, untilMs) };
}
