/**
 * Why a slice of work has to stop for a while: the rate budget is used up, RingCentral asked for silence,
 * another holder is exchanging the token, or something is down.
 */
export type PauseReason = "budget" | "penalty" | "token" | "fault";

/** The only way to wait longer than a moment: thrown by what cannot go on, turned into a free wait by the engine. */
export class Pause extends Error {
  override readonly name = "Pause";
  readonly until: Date;
  readonly reason: PauseReason;

  constructor(until: Date, reason: PauseReason, cause?: unknown) {
    super(`Pause until ${until.toISOString()}: ${reason}`, { cause });
    this.until = until;
    this.reason = reason;
  }
}
