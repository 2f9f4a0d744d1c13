/** Timeouts for responses of RingCentral, in ms. */
export interface Timeouts {
  /** For the headers of a response, redirects included. */
  readonly headersMs: number;
  /** Between two pieces of a body. */
  readonly idleMs: number;
  /** For a whole JSON text. */
  readonly textMs: number;
  /** For a whole recording, from its first response to its last byte, including all resumes. */
  readonly recordingMs: number;
}

/** A function has 15 minutes, and a slice starts items for four of them. */
export const defaultTimeouts: Timeouts = {
  headersMs: 30_000,
  idleMs: 30_000,
  textMs: 2 * 60_000,
  recordingMs: 8 * 60_000,
};

/** Returns a function that returns the ms left of `ms` from now. */
export function startCountdown(ms: number): () => number {
  const end = performance.now() + ms;
  return () => end - performance.now();
}
