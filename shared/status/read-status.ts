import { chooseAccount } from "../audit/choose-account.ts";
import type { Bucket } from "../aws/bucket.ts";
import { AnalyticsManifest } from "../core/analytics/analytics-manifest.ts";
import {
  type ArchiveStatus,
  archiveStatus,
  begunDay,
  type DayFacts,
  damagedDay,
  dayFacts,
} from "../core/calls/archive-status.ts";
import { CallManifest } from "../core/calls/call-manifest.ts";
import { asDayTotals } from "../core/calls/day-totals.ts";
import { defaultRetention } from "../core/calls/horizon.ts";
import { statusSentence } from "../core/calls/status-sentence.ts";
import { type Completeness, completeness } from "../core/completeness.ts";
import type { Day } from "../core/time/days.ts";
import { JobError } from "../errors.ts";
import { findCachedAccount, readCachedAccount } from "../storage/cached-account.ts";
import { type AccessStatus, readAccess } from "./read-access.ts";
import { type ArchivePlace, readDays } from "./read-days.ts";
import { type JobPause, jobPauses, readPauses } from "./read-pauses.ts";
import { type LastRun, readRuns } from "./read-runs.ts";
import { readVerification, type VerificationStatus } from "./read-verification.ts";
import { chaptersToDo } from "./to-do.ts";

/** How an archive stands, and from what that was read. */
export interface StatusReport {
  readonly sentence: string;
  /** Chapters of docs/operations.md that say what to do. */
  readonly toDo: readonly string[];
  readonly account: string;
  readonly calls: ArchiveStatus;
  /** Undefined if nothing of the analytics is stored. */
  readonly analytics: Completeness | undefined;
  /** Undefined without a state bucket. */
  readonly runs: readonly LastRun[] | undefined;
  /** Jobs that are paused. Undefined without a state bucket. */
  readonly pauses: readonly JobPause[] | undefined;
  /** What the last run of `check-access` saw; undefined without a state bucket, and before the first run. */
  readonly access: AccessStatus | undefined;
  /** What the last run of `verify-archive` found; undefined before the first one. */
  readonly verification: VerificationStatus | undefined;
  /** Of RingCentral. `isAssumed`: no run has stored its limits, so that these are its defaults. */
  readonly limits: {
    readonly heavyPerMinute: number | undefined;
    readonly daysToFetch: number;
    readonly isAssumed: boolean;
  };
  readonly source: "index" | "manifests";
  readonly manifestsRead: number;
}

interface ReadStatusOptions extends Omit<ArchivePlace, "account"> {
  /** @default the one that the last run has cached, or the archive's only one */
  readonly account: string | undefined;
  readonly now: () => Date;
}

/** A status, and the facts of each day of calls. */
export interface StatusAndDays {
  readonly report: StatusReport;
  readonly days: ReadonlyMap<Day, DayFacts>;
}

/**
 * Reads how an archive stands. Changes nothing.
 * @throws REQUEST_INVALID when there are no days, or several accounts; STORAGE_FAILED
 */
export async function readStatus(options: ReadStatusOptions): Promise<StatusReport> {
  return (await readStatusAndDays(options)).report;
}

/** Reads how an archive stands, and each day of it. @throws like `readStatus` */
export async function readStatusAndDays(options: ReadStatusOptions): Promise<StatusAndDays> {
  const { archive, state, now } = options;
  const account = await accountOf(archive, state, options.account);
  const place = { archive, state, account };
  const [calls, analytics, verification, runs, readAsPaused, access, cached] = await Promise.all([
    readCallDays(place, now),
    readAnalyticsDays(place),
    readVerification(archive, account),
    state && readRuns(state, now),
    state && readPauses(state),
    state && readAccess(state, now),
    state && findCachedAccount(state, account),
  ]);
  if (calls.days.size === 0) throw noDays(account);
  const daysToFetch = cached?.retention?.daysToFetch ?? defaultRetention.daysToFetch;
  const timeZone = calls.newest?.timeZone ?? "UTC";
  const limits = { now: now(), timeZone, retention: { daysToFetch }, heavyPerMinute: cached?.heavyPerMinute };
  const status = archiveStatus(calls.days, limits);
  // Only now: a response of the archive has set the clock.
  const pauses = readAsPaused && jobPauses(readAsPaused, limits.now);
  const toDo = chaptersToDo(status, { pauses, access, runs, verification });
  const report: StatusReport = {
    sentence: statusSentence(status, toDo),
    toDo,
    account,
    calls: status,
    analytics: analytics.days.size === 0 ? undefined : completenessOf(analytics.days),
    runs,
    pauses,
    access,
    verification,
    limits: { heavyPerMinute: limits.heavyPerMinute, daysToFetch, isAssumed: cached?.retention === undefined },
    source: state === undefined ? "manifests" : "index",
    manifestsRead: calls.manifestsRead + analytics.manifestsRead,
  };
  return { report, days: calls.days };
}

async function accountOf(archive: Bucket, state: Bucket | undefined, account: string | undefined): Promise<string> {
  const cached = account === undefined && state ? await readCachedAccount(state) : undefined;
  return account ?? cached?.id ?? (await chooseAccount(archive, undefined));
}

function readCallDays(place: ArchivePlace, now: () => Date) {
  return readDays(place, {
    aggregate: "calls",
    manifest: CallManifest,
    ofEntry: ({ counts }) => {
      const totals = asDayTotals(counts);
      return totals && { isClosed: true, totals, standing: undefined, isDamaged: false };
    },
    ofManifest: (manifest) => dayFacts(manifest, now()),
    begun: begunDay,
    damaged: damagedDay,
  });
}

/** Reads whether each day of the analytics is closed. */
function readAnalyticsDays(place: ArchivePlace) {
  return readDays<AnalyticsManifest, boolean>(place, {
    aggregate: "analytics",
    manifest: AnalyticsManifest,
    ofEntry: () => true,
    ofManifest: ({ status }) => status === "closed",
    begun: false,
    damaged: false,
  });
}

function completenessOf(days: ReadonlyMap<string, boolean>): Completeness {
  const daysOf = (isClosed: boolean) => new Set([...days].flatMap(([day, each]) => (each === isClosed ? [day] : [])));
  return completeness(daysOf(true), daysOf(false));
}

function noDays(account: string): JobError {
  return new JobError("REQUEST_INVALID", `There are no days of account ${account} yet`, {
    hint: "Check --account and --bucket, or wait for the first run.",
  });
}
