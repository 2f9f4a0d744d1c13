/** What RingCentral says of a rate group in the headers of an answer (guide: rate limits). */
export interface RateHeaders {
  readonly limit: number;
  readonly remaining: number;
  readonly windowMs: number;
}

/**
 * What one slice knows of one rate group. It knows nothing until RingCentral has answered once: the first request
 * asks, what remains then may start together, and then the group rests for a window.
 */
export interface RateWindow {
  /** Requests that may still start; undefined until RingCentral has said. */
  readonly remaining: number | undefined;
  /** Requests that have started while nobody knew how many remain. */
  readonly startedBlind: number;
  readonly windowMs: number;
  /** When the last answer came: RingCentral counted every request before that. */
  readonly lastResponseAtMs: number;
  /** Nothing may start before this instant: RingCentral asked for silence. */
  readonly blockedUntilMs: number;
}

export type Admission =
  | { readonly type: "go" }
  | { readonly type: "ask-first" }
  | { readonly type: "wait"; readonly until: number };

const defaultWindowMs = 60_000;
/** A 401, a dropped connection and a bare 5xx tell nothing, but RingCentral counts them; the Heavy group allows ten. */
const mostStartedUnknown = 5;

export const initialWindow: RateWindow = {
  remaining: undefined,
  startedBlind: 0,
  windowMs: defaultWindowMs,
  lastResponseAtMs: 0,
  blockedUntilMs: 0,
};

/** May a request start now? "ask-first": only if no other is under way, for nothing is known yet. */
export function admissionAt(window: RateWindow, now: number): Admission {
  const until = nextWindowAtMs(window, now);
  if (until !== undefined) return { type: "wait", until };
  return window.remaining === undefined ? { type: "ask-first" } : { type: "go" };
}

/** When the group may be used again: after the silence, or a window after the last answer; undefined while it is open. */
export function nextWindowAtMs(window: RateWindow, now: number): number | undefined {
  if (now < window.blockedUntilMs) return window.blockedUntilMs;
  const { remaining, startedBlind, lastResponseAtMs, windowMs } = window;
  const isUsedUp = remaining === undefined ? startedBlind >= mostStartedUnknown : remaining === 0;
  return isUsedUp ? lastResponseAtMs + windowMs : undefined;
}

/** The window after a request has started. */
export function afterStart(window: RateWindow): RateWindow {
  const { remaining, startedBlind } = window;
  if (remaining === undefined) return { ...window, startedBlind: startedBlind + 1 };
  return { ...window, remaining: Math.max(0, remaining - 1) };
}

/** The window after a place was given back unused; once silence was asked for, there is none to give. */
export function afterRelease(window: RateWindow): RateWindow {
  const { remaining, startedBlind, blockedUntilMs } = window;
  if (remaining === undefined) return { ...window, startedBlind: Math.max(0, startedBlind - 1) };
  return blockedUntilMs > 0 ? window : { ...window, remaining: remaining + 1 };
}

/** The window after an answer: never more than was known before, for requests still under way are not counted in its headers. */
export function afterResponse(window: RateWindow, headers: RateHeaders | undefined, at: number): RateWindow {
  const lastResponseAtMs = Math.max(window.lastResponseAtMs, at);
  if (!headers) return { ...window, lastResponseAtMs };
  const remaining = Math.min(window.remaining ?? headers.limit, headers.remaining);
  return { ...window, remaining, windowMs: headers.windowMs, lastResponseAtMs };
}

/** The window after RingCentral asked for silence; a request inside the penalty would restart it. */
export function afterBlock(window: RateWindow, until: number): RateWindow {
  return { ...window, remaining: 0, blockedUntilMs: Math.max(window.blockedUntilMs, until) };
}
