import type { GroupBy, MembersOf } from "./groupings.ts";

/** How analytics differs from the call log. A share is of all calls, chosen by hash, the same ones each time. */
export interface DifferencePlan {
  /** Never counted. */
  readonly missingShare?: number;
  readonly countedTwiceShare?: number;
  /** Counted as in the log at first. Some time after their end half of them are not counted, and the other half twice. */
  readonly changingShare?: number;
  /** @default 1440 */
  readonly changesAfterMinutes?: number;
}

/** A value that no reader expects, in place of the true one or beside it. */
export interface CorruptedValue {
  readonly in: "counters" | "timers";
  /** As responses name it; one that responses do not have is added. */
  readonly metric: string;
  /** One breakdown key, known or not. @default the metric's `values` as a whole */
  readonly part?: string;
  /** Key of the group that has the value. @default every group */
  readonly key?: string;
  /** Any JSON. */
  readonly value: unknown;
}

/** How the Business Analytics API behaves. */
export interface AnalyticsPlan {
  /** True if the account has the feature. */
  readonly enabled: boolean;
  /** Minutes after its end until a call appears. */
  readonly lateByMinutes: number;
  readonly differs: DifferencePlan;
  /** The status with which a grouping is refused. */
  readonly refuse: Readonly<Partial<Record<GroupBy | MembersOf, number>>>;
  readonly corrupted: readonly CorruptedValue[];
  /** Members that every record has besides the documented ones. */
  readonly extraFields: Readonly<Record<string, unknown>>;
  /** Number of places by which the list of groups turns after each page, so that some groups come twice and others never. */
  readonly turnsBetweenPages: number;
}
