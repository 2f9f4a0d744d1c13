/** How long RingCentral may take. */
export interface TimeLimits {
  /** For the headers of an answer, redirects included. */
  readonly headersMs: number;
  /** Between two pieces of a body. */
  readonly idleMs: number;
  /** For the whole of a JSON text. */
  readonly textMs: number;
  /** For the whole of a recording, from its first answer to its last byte, over all resumes together. */
  readonly recordingMs: number;
}

/** A Lambda has 15 minutes, and a slice begins new work for four of them. */
export const defaultTimeLimits: TimeLimits = {
  headersMs: 30_000,
  idleMs: 30_000,
  textMs: 2 * 60_000,
  recordingMs: 8 * 60_000,
};

/** Tells, whenever it is asked, how much is left of a span of time that begins now. */
export function startCountdown(ms: number): () => number {
  const end = performance.now() + ms;
  return () => end - performance.now();
}
