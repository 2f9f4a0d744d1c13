import type { AnalyticsPlan } from "./analytics/analytics-plan.ts";
import type { PlannedCall } from "./planned-calls.ts";

/** How calls are made. A share is of the day's calls and is kept exactly, to within one call. */
export interface CallsPlan {
  readonly perDay: number | ((date: string) => number);
  readonly recordedShare: number;
  /** Recorded manually instead of automatically, as a share of the recorded calls. */
  readonly onDemandShare: number;
  /** Recorded calls whose legs reference the record's recording again. */
  readonly sharedLegShare: number;
  /** Recorded calls that were transferred: one leg has a recording of its own. */
  readonly transferShare: number;
  /** Recorded calls whose recording is referenced only by a leg, not by the record. */
  readonly legOnlyShare: number;
  /** Too short to be kept: `shortRecording: true` and no recording. */
  readonly shortShare: number;
  readonly faxShare: number;
  /** Calls per day that begin in its last half minute and end on the next day. */
  readonly overMidnight: number;
  readonly lateShare: number;
  readonly lateByMs: number;
  /** Records whose result and costs are settled only later. */
  readonly changingShare: number;
  /** Recorded calls whose recording is attached only later. */
  readonly lateRecordingShare: number;
  readonly changesAfterMs: number;
  readonly vanishingShare: number;
  readonly vanishesAfterMs: number;
  readonly deletedShare: number;
  readonly deletedAfterMs: number;
}

/** How the listing behaves. */
export interface CallLogPlan {
  readonly order: "newest" | "oldest" | "shuffled";
  readonly maxPerPage: number;
  readonly truncateBoundsToSeconds: boolean;
  /** Records per day that appear at its new end, one after each answered page. */
  readonly arrivingBetweenPages: number;
  /** Records per day that disappear from its new end, one after each answered page. */
  readonly leavingBetweenPages: number;
}

/** What recordings are like. A share is of all recordings of a day. */
export interface RecordingsPlan {
  readonly contentType: "audio/mpeg" | "audio/wav" | "mixed";
  readonly bytes: number | { readonly min: number; readonly max: number };
  readonly slowShare: number;
  readonly readyAfterMs: number;
  readonly neverShare: number;
  readonly forbiddenShare: number;
  readonly withoutContentLength: boolean;
  readonly retentionDays: number;
  /** Always reported, but enforced only if the plan sets it (RingCentral partner support: data retention). */
  readonly maxNumberLimit: number;
  /** True if records still reference expired recordings. */
  readonly namedAfterExpiry: boolean;
}

/** Numbers of users, who make and take the calls, and of phone numbers, which are called. */
export interface OrganisationPlan {
  /** At least one. */
  readonly users: number;
  /** At least one. */
  readonly companyNumbers: number;
  readonly queues: number;
  readonly ivrs: number;
  readonly ivas: number;
  readonly sharedLines: number;
  readonly userGroups: number;
  readonly sites: number;
  readonly departments: number;
}

/** Properties of the account. Everything left out has a mild default. */
export interface AccountPlan {
  readonly id?: string;
  /** IANA name of the zone of the days. */
  readonly timeZone?: string;
  /** Time zone of the account's own settings, if it differs. */
  readonly reportedTimeZone?: string;
  /** @default seven days before the clock's start */
  readonly firstDay?: string;
  /** @default calls keep coming */
  readonly lastDay?: string;
  readonly calls?: Partial<CallsPlan>;
  /** Calls written by hand, besides the generated ones. */
  readonly plannedCalls?: readonly PlannedCall[];
  readonly callLog?: Partial<CallLogPlan>;
  readonly recordings?: Partial<RecordingsPlan>;
  readonly organisation?: Partial<OrganisationPlan>;
  readonly analytics?: Partial<AnalyticsPlan>;
  /** The app's scopes. */
  readonly scopes?: readonly string[];
  /** Permissions of the service user's role. */
  readonly permissions?: readonly string[];
}
