import type { LabClock } from "../clock.ts";
import type { KillPlan } from "./kill-plan.ts";
import type { LambdaEvent } from "./lambda-event.ts";
import type { Timers } from "./timers.ts";

/** Shared parts of one Lambda service. */
export interface ServiceContext {
  readonly clock: LabClock;
  readonly timers: Timers;
  readonly killPlan: KillPlan;
  readonly emit: (event: LambdaEvent) => void;
  /** Environment of every function, beneath its own. */
  readonly environment: Readonly<Record<string, string>>;
}
