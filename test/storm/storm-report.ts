import type { AlarmChange } from "../../lab/cloudwatch/judge-alarms.ts";
import type { RunRecord } from "./run-record.ts";
import type { StormPlan } from "./storm-plan.ts";

/** A rule that does not hold. */
export interface Violation {
  readonly rule: string;
  /** Where and when, for people. */
  readonly place: string;
  readonly text: string;
}

export interface StormReport {
  readonly plan: StormPlan;
  readonly violations: readonly Violation[];
  readonly runs: readonly RunRecord[];
  /** What the alarms of all stacks did. */
  readonly alarms: readonly AlarmChange[];
  /** SHA-256 over everything that lies in the archive buckets, inflated. */
  readonly digest: string;
}
