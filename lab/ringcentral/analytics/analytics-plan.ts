import type { GroupBy, MembersOf } from "./groupings.ts";

/** How analytics differs from the call log. A share is of all calls, chosen by hash, the same ones each time. */
export interface DifferencePlan {
  /** Never counted. */
  readonly missingShare?: number;
  readonly countedTwiceShare?: number;
  /** Counted as in the log at first; some time after their end half of them not at all, the other half twice. */
  readonly changingShare?: number;
  /** @default 1440 */
  readonly changesAfterMinutes?: number;
}

/** A value that no reader expects, put over the true one or beside it. */
export interface CorruptedValue {
  readonly in: "counters" | "timers";
  /** As responses name it; one that responses do not have is added. */
  readonly metric: string;
  /** One breakdown key, known or not. @default the metric's `values` as a whole */
  readonly part?: string;
  /** The key of the group it is for. @default every group */
  readonly key?: string;
  /** Whatever JSON can say. */
  readonly value: unknown;
}

/** How the Business Analytics API behaves. */
export interface AnalyticsPlan {
  /** Whether the account has the feature at all. */
  readonly enabled: boolean;
  /** So long after its end a call appears. */
  readonly lateByMinutes: number;
  readonly differs: DifferencePlan;
  /** The status with which a grouping is refused. */
  readonly refuse: Readonly<Partial<Record<GroupBy | MembersOf, number>>>;
  readonly corrupted: readonly CorruptedValue[];
  /** Members that every record has besides the documented ones. */
  readonly extraFields: Readonly<Record<string, unknown>>;
  /** So many places the list of groups turns after each answered page, so that some come again and others never. */
  readonly turnsBetweenPages: number;
}
