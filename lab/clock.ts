/** The clock that every server of a lab reads, so that a test can let a night pass at once. */
export interface LabClock {
  /** Milliseconds since the epoch, in the lab's world. */
  readonly now: () => number;
  /** Advances the clock by `ms`. */
  readonly advance: (ms: number) => void;
  /** How far the lab's world is ahead of (or, negative, behind) this machine's clock, in milliseconds. */
  readonly offsetMs: () => number;
}

/** Creates a clock that starts at `start` and runs at the speed of this machine's. */
export function createClock(start: Date = new Date()): LabClock {
  let offset = start.getTime() - Date.now();
  return {
    now: () => Date.now() + offset,
    advance: (ms) => {
      offset += ms;
    },
    offsetMs: () => offset,
  };
}
