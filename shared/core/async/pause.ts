/**
 * Why a slice of work has to stop for a while: the rate budget is used up, RingCentral asked for silence,
 * another holder is exchanging the token, or something is down.
 */
export type PauseReason = "window" | "rate-limited" | "token" | "unavailable";

export interface PauseOptions {
  readonly cause?: unknown;
  /** Whether the slice that ends with it obtained anything; undefined where it asked for nothing. @default by the reason: a used-up budget says nothing */
  readonly obtained?: boolean | undefined;
}

/** The only way to wait longer than a moment: thrown by what cannot go on, turned into a free wait by the engine. */
export class Pause extends Error {
  override readonly name = "Pause";
  readonly until: Date;
  readonly reason: PauseReason;
  readonly obtained: boolean | undefined;

  constructor(until: Date, reason: PauseReason, { cause, ...options }: PauseOptions = {}) {
    super(`Pause until ${until.toISOString()}: ${reason}`, { cause });
    this.until = until;
    this.reason = reason;
    const unsaid = reason === "window" ? undefined : false;
    this.obtained = "obtained" in options ? options.obtained : unsaid;
  }
}
