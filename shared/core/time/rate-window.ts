/** RingCentral's rate-limit headers of a response. https://developers.ringcentral.com/guide/basics/rate-limits */
export interface RateHeaders {
  readonly limit: number;
  readonly remaining: number;
  readonly windowMs: number;
}

/**
 * What one slice knows of one rate group: nothing until the first response. Then the remaining requests may start
 * concurrently, and after them the next window must begin.
 */
export interface RateWindow {
  /** Requests that may still start; undefined until the first response. */
  readonly remaining: number | undefined;
  /** Requests started while `remaining` was undefined. */
  readonly startedBlind: number;
  readonly windowMs: number;
  /** Epoch ms of the last response; RingCentral counted every request before it. */
  readonly lastResponseAtMs: number;
  /** Epoch ms before which no request may start, after a 429; 0 if none came. */
  readonly blockedUntilMs: number;
}

/** Whether a request may start: now, as the only one in flight, or not before `untilMs` (epoch ms). */
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
  remaining: undefined,
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
  const { remaining, startedBlind, lastResponseAtMs, windowMs } = window;
  const isUsedUp = remaining === undefined ? startedBlind >= maxStartedBlind : remaining === 0;
  return isUsedUp ? lastResponseAtMs + windowMs : undefined;
}

/** Returns the window after a request started: one fewer remains. */
export function afterStart(window: RateWindow): RateWindow {
  const { remaining, startedBlind } = window;
  if (remaining === undefined) return { ...window, startedBlind: startedBlind + 1 };
  return { ...window, remaining: Math.max(0, remaining - 1) };
}

/** Returns the window after a slot was released unused. A blocked window stays empty. */
export function afterRelease(window: RateWindow): RateWindow {
  const { remaining, startedBlind, blockedUntilMs } = window;
  if (remaining === undefined) return { ...window, startedBlind: Math.max(0, startedBlind - 1) };
  return blockedUntilMs > 0 ? window : { ...window, remaining: remaining + 1 };
}

/** Returns the window after a response. `remaining` never grows: the headers do not count requests still in flight. */
export function afterResponse(window: RateWindow, headers: RateHeaders | undefined, atMs: number): RateWindow {
  const lastResponseAtMs = Math.max(window.lastResponseAtMs, atMs);
  if (!headers) return { ...window, lastResponseAtMs };
  const remaining = Math.min(window.remaining ?? headers.limit, headers.remaining);
  return { ...window, remaining, windowMs: headers.windowMs, lastResponseAtMs };
}

/** Returns the window after a 429. A request before `untilMs` would restart RingCentral's penalty. */
export function afterBlock(window: RateWindow, untilMs: number): RateWindow {
  return { ...window, remaining: 0, blockedUntilMs: Math.max(window.blockedUntilMs, untilMs) };
}
