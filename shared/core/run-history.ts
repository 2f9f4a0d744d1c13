/** What happened in a run, as its durable execution tells it. */
export interface RunEvent {
  /** Grows by one from event to event. */
  readonly id: number;
  readonly at: Date;
  readonly type: "step-started" | "step-ended" | "wait-started" | "run-ended" | "other";
  /** Name of the step or wait. */
  readonly name: string;
  /** When a wait ends. */
  readonly until?: Date | undefined;
  /** Result of a step or run that succeeded, as parsed JSON. */
  readonly result?: unknown;
  /** How a run ended. */
  readonly end?: RunEnd | undefined;
}

/** How Lambda ended a run; `message` is the error's. */
export interface RunEnd {
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "STOPPED";
  readonly message: string | undefined;
}
