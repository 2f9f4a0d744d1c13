import type { AccountPlan, CallLogPlan, CallsPlan, OrganisationPlan, RecordingsPlan } from "./account-plan.ts";
import type { AnalyticsPlan } from "./analytics/analytics-plan.ts";
import type { PlannedCall } from "./planned-calls.ts";

const hourMs = 60 * 60 * 1000;

/** An account plan without gaps. */
export interface Account {
  readonly id: string;
  readonly userId: string;
  readonly timeZone: string;
  readonly reportedTimeZone: string;
  readonly firstDay: string;
  readonly lastDay: string | undefined;
  readonly calls: CallsPlan;
  readonly plannedCalls: readonly PlannedCall[];
  readonly callLog: CallLogPlan;
  readonly recordings: RecordingsPlan;
  /** Maximum number of automatic recordings kept; undefined: unlimited. */
  readonly maxAutomatic: number | undefined;
  readonly organisation: OrganisationPlan;
  readonly analytics: AnalyticsPlan;
  readonly scopes: readonly string[];
  readonly permissions: readonly string[];
}

const mildCalls: CallsPlan = {
  perDay: 100,
  recordedShare: 0.5,
  onDemandShare: 0.1,
  sharedLegShare: 0.5,
  transferShare: 0.02,
  legOnlyShare: 0,
  shortShare: 0.02,
  faxShare: 0.02,
  overMidnight: 0,
  lateShare: 0,
  lateByMs: 6 * hourMs,
  changingShare: 0,
  lateRecordingShare: 0,
  changesAfterMs: 2 * hourMs,
  vanishingShare: 0,
  vanishesAfterMs: 24 * hourMs,
  deletedShare: 0,
  deletedAfterMs: hourMs,
};

const mildCallLog: CallLogPlan = {
  order: "newest",
  maxPerPage: 1000,
  truncateBoundsToSeconds: false,
  arrivingBetweenPages: 0,
  leavingBetweenPages: 0,
};

const mildRecordings: RecordingsPlan = {
  contentType: "audio/mpeg",
  bytes: { min: 20_000, max: 60_000 },
  slowShare: 0,
  readyAfterMs: 2 * hourMs,
  neverShare: 0,
  forbiddenShare: 0,
  withoutContentLength: false,
  retentionDays: 90,
  maxNumberLimit: 100_000,
  namedAfterExpiry: false,
};

const mildOrganisation: OrganisationPlan = {
  users: 40,
  companyNumbers: 1,
  queues: 4,
  ivrs: 2,
  ivas: 1,
  sharedLines: 2,
  userGroups: 3,
  sites: 3,
  departments: 5,
};

const mildAnalytics: AnalyticsPlan = {
  enabled: true,
  lateByMinutes: 0,
  differs: {},
  refuse: {},
  corrupted: [],
  extraFields: {},
  turnsBetweenPages: 0,
};

/** Fills a plan with defaults. `defaultFirstDay` is used if the plan has no first day. */
export function createAccount(plan: AccountPlan, defaultFirstDay: (timeZone: string) => string): Account {
  const timeZone = plan.timeZone ?? "America/Los_Angeles";
  return {
    id: plan.id ?? "37439510",
    userId: "62264425016",
    timeZone,
    reportedTimeZone: plan.reportedTimeZone ?? timeZone,
    firstDay: plan.firstDay ?? defaultFirstDay(timeZone),
    lastDay: plan.lastDay,
    calls: { ...mildCalls, ...plan.calls },
    plannedCalls: plan.plannedCalls ?? [],
    callLog: { ...mildCallLog, ...plan.callLog },
    recordings: { ...mildRecordings, ...plan.recordings },
    maxAutomatic: plan.recordings?.maxNumberLimit,
    organisation: { ...mildOrganisation, ...plan.organisation },
    analytics: { ...mildAnalytics, ...plan.analytics },
    scopes: plan.scopes ?? ["ReadAccounts", "ReadCallLog", "ReadCallRecording", "Analytics"],
    permissions: plan.permissions ?? ["ReadCompanyInfo", "FullCompanyCallLog", "ReadCallLog", "ReadCallRecording"],
  };
}
