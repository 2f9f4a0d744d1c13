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
  readonly windowMs: number;
  /** When the last answer came: RingCentral counted every request before that. */
  readonly lastAnswerAt: number;
  /** Nothing may start before this instant: RingCentral asked for silence. */
  readonly silentUntil: number;
}

export type Admission =
  | { readonly is: "go" }
  | { readonly is: "ask-first" }
  | { readonly is: "wait"; readonly until: number };

const defaultWindowMs = 60_000;

export const unknownWindow: RateWindow = {
  remaining: undefined,
  windowMs: defaultWindowMs,
  lastAnswerAt: 0,
  silentUntil: 0,
};

/** May a request start now? "ask-first": only if no other is under way, for nothing is known yet. */
export function admit(window: RateWindow, now: number): Admission {
  if (now < window.silentUntil) return { is: "wait", until: window.silentUntil };
  if (window.remaining === undefined) return { is: "ask-first" };
  return window.remaining > 0 ? { is: "go" } : { is: "wait", until: window.lastAnswerAt + window.windowMs };
}

/** The window after a request has started. */
export function started(window: RateWindow): RateWindow {
  return window.remaining === undefined ? window : { ...window, remaining: Math.max(0, window.remaining - 1) };
}

/** The window after an answer: never more than was known before, for requests still under way are not counted in its headers. */
export function answered(window: RateWindow, headers: RateHeaders | undefined, at: number): RateWindow {
  const lastAnswerAt = Math.max(window.lastAnswerAt, at);
  if (!headers) return { ...window, lastAnswerAt };
  const remaining = Math.min(window.remaining ?? headers.limit, headers.remaining);
  return { ...window, remaining, windowMs: headers.windowMs, lastAnswerAt };
}

/** The window after RingCentral asked for silence; a request inside the penalty would restart it. */
export function silenced(window: RateWindow, until: number): RateWindow {
  return { ...window, remaining: 0, silentUntil: Math.max(window.silentUntil, until) };
}
