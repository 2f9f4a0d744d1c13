import type { AlarmChange } from "../../lab/cloudwatch/judge-alarms.ts";
import type { RunRecord } from "./run-record.ts";
import type { StormPlan } from "./storm-plan.ts";

/** A violation of a rule. */
export interface Violation {
  readonly rule: string;
  /** Place and time, for readers. */
  readonly place: string;
  readonly text: string;
}

export interface StormReport {
  readonly plan: StormPlan;
  readonly violations: readonly Violation[];
  readonly runs: readonly RunRecord[];
  /** Changes of the alarms of all stacks. */
  readonly alarms: readonly AlarmChange[];
  /** SHA-256 over all objects in the archive buckets, unzipped. */
  readonly digest: string;
}
