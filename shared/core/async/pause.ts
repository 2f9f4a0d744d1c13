/**
 * `window`: the rate limit is used up. `rate-limited`: RingCentral answered 429. `token`: another container is
 * exchanging the token. `unavailable`: a server gave no usable response.
 */
export type PauseReason = "window" | "rate-limited" | "token" | "unavailable";

export interface PauseOptions {
  readonly cause?: unknown;
  /**
   * True if the slice fetched or stored something; undefined if it did not try.
   * @default undefined for `window`, else false
   */
  readonly obtained?: boolean | undefined;
}

/** Ends a slice that cannot continue before `until`; the engine turns it into a durable wait, which is free. */
export class Pause extends Error {
  override readonly name = "Pause";
  readonly until: Date;
  readonly reason: PauseReason;
  readonly obtained: boolean | undefined;

  constructor(until: Date, reason: PauseReason, { cause, ...options }: PauseOptions = {}) {
    super(`Pause until ${until.toISOString()}: ${reason}`, { cause });
    this.until = until;
    this.reason = reason;
    const defaultObtained = reason === "window" ? undefined : false;
    this.obtained = "obtained" in options ? options.obtained : defaultObtained;
  }
}
