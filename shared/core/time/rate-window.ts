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
  readonly startedUnknown: number;
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
/** A 401, a dropped connection and a bare 5xx tell nothing, but RingCentral counts them; the Heavy group allows ten. */
const mostStartedUnknown = 5;

export const unknownWindow: RateWindow = {
  remaining: undefined,
  startedUnknown: 0,
  windowMs: defaultWindowMs,
  lastAnswerAt: 0,
  silentUntil: 0,
};

/** May a request start now? "ask-first": only if no other is under way, for nothing is known yet. */
export function admit(window: RateWindow, now: number): Admission {
  const until = closedUntil(window, now);
  if (until !== undefined) return { is: "wait", until };
  return window.remaining === undefined ? { is: "ask-first" } : { is: "go" };
}

/** When the group may be used again: after the silence, or a window after the last answer; undefined while it is open. */
export function closedUntil(window: RateWindow, now: number): number | undefined {
  if (now < window.silentUntil) return window.silentUntil;
  const { remaining, startedUnknown, lastAnswerAt, windowMs } = window;
  const isUsedUp = remaining === undefined ? startedUnknown >= mostStartedUnknown : remaining === 0;
  return isUsedUp ? lastAnswerAt + windowMs : undefined;
}

/** The window after a request has started. */
export function started(window: RateWindow): RateWindow {
  const { remaining, startedUnknown } = window;
  if (remaining === undefined) return { ...window, startedUnknown: startedUnknown + 1 };
  return { ...window, remaining: Math.max(0, remaining - 1) };
}

/** The window after a place was given back unused; once silence was asked for, there is none to give. */
export function givenBack(window: RateWindow): RateWindow {
  const { remaining, startedUnknown, silentUntil } = window;
  if (remaining === undefined) return { ...window, startedUnknown: Math.max(0, startedUnknown - 1) };
  return silentUntil > 0 ? window : { ...window, remaining: remaining + 1 };
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
