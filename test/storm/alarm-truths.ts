import { realLimits } from "../../lab/ringcentral/rate-limiter.ts";
import { addDays } from "../../shared/core/time/days.ts";
import { type JobName, jobs } from "../../shared/jobs.ts";
import type { Expectation, ExpectedFrom } from "./expectations.ts";
import { owesEverything } from "./rules-of-run.ts";
import type { RunRecord } from "./run-record.ts";
import type { StoredDay, StoredRecording } from "./stored-days.ts";
import { isInSpan, retentionDaysOf, type StormPlan, stormDayMs } from "./storm-plan.ts";

/** A run of `archive-calls`, and the state of the archive after it. */
export interface ArchivedNight {
  readonly run: RunRecord;
  readonly days: ReadonlyMap<string, StoredDay>;
  /** Days that had ended when the run began, with their number of calls. */
  readonly callsOfDays: ReadonlyMap<string, number>;
}

/** Known facts of one stack's nights. */
export interface StackNights {
  readonly plan: StormPlan;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Sorted by end. */
  readonly runs: readonly RunRecord[];
  readonly archived: readonly ArchivedNight[];
}

/** Returns when an alarm's meaning in docs/operations.md holds, by the events and the archive. */
export type AlarmTruth = (nights: StackNights) => readonly ExpectedFrom[];

/** The jobs that storms run. */
export const playedJobs = ["archive-calls", "collect-analytics", "build-tables"] as const satisfies readonly JobName[];

const hourMs = 3_600_000;
const dayMs = stormDayMs;
const silenceMs = 26 * hourMs;

/** Expectations of states that last until they are repaired. */
export const stateTruths: Readonly<Record<string, AlarmTruth>> = {
  ...ofEachJob("run-failed", lastRunFailed),
  ...ofEachJob("did-not-run", jobIsSilent),
  ...ofEachJob("paused-too-long", nobodyPauses),
  "listing-shrank": ofArchive(({ days }) => [...days.values()].some(({ isShrunk }) => isShrunk)),
  "days-open": ofArchive(dayIsOpenForSevenNights),
  "recordings-waiting": ofArchive(recordingIsPendingFor17Days),
  "failed-in-bulk": ofArchive(manyFailedAlike),
  "deletion-near": ofArchive(pendingIsNearDeletion),
  "backlog-too-long": ofArchive(pendingIsTooMuch),
  "nothing-archived": ofArchive(twoBusinessDaysAreQuiet),
  "credential-expiring-in-14-days": credentialExpires(14),
  "credential-expiring-in-3-days": credentialExpires(3),
};

function ofEachJob(chapter: string, truthOf: (job: JobName) => AlarmTruth): Readonly<Record<string, AlarmTruth>> {
  return Object.fromEntries(playedJobs.map((job) => [`${chapter}-${job}`, truthOf(job)]));
}

/** Number of events that had happened when a run had ended. */
export const eventCounts = {
  "start-failed": () => 0,
  "recordings-lost": ({ days }) => pairsOf(days).filter(({ recording }) => recording.isLost).length,
  "day-unstable": ({ days }) => [...days.values()].filter(({ isUnstable }) => isUnstable).length,
} as const satisfies Readonly<Record<string, (night: ArchivedNight) => number>>;

/** Returns the spans in which the last run of a job had failed. CloudWatch does not know a run that ended more than a week ago. */
function lastRunFailed(job: JobName): AlarmTruth {
  return ({ runs }) => {
    let last: { readonly hasFailed: boolean; readonly endMs: number } | undefined;
    return runs.flatMap(({ job: ended, status, endMs }) => {
      if (ended !== job || status === "superseded") return [];
      // Over a week without any run CloudWatch may look at a part of the last night.
      const isLong = last !== undefined && endMs > last.endMs + 7 * dayMs;
      const gap = isLong ? [{ fromMs: (last?.endMs ?? 0) + 6.5 * dayMs, expected: undefined }] : [];
      last = { hasFailed: status === "failed", endMs };
      return [...gap, { fromMs: endMs, expected: last.hasFailed }];
    });
  };
}

/** No storm pauses a job. */
function nobodyPauses(): AlarmTruth {
  return ({ fromMs }) => [{ fromMs, expected: false }];
}

/** Returns when a nightly job showed no activity for 26 hours, or build-tables none although another run had ended. */
function jobIsSilent(job: JobName): AlarmTruth {
  return ({ runs, fromMs, untilMs }) => {
    const changes = runs.flatMap(({ startMs, endMs }) => [startMs, endMs, endMs + silenceMs]);
    const atMs = [fromMs + silenceMs, ...changes].filter((ms) => ms >= fromMs + silenceMs && ms < untilMs);
    const sorted = [...new Set(atMs)].sort((a, b) => a - b);
    return sorted.map((ms, n) => {
      const middleMs = (ms + (sorted[n + 1] ?? untilMs)) / 2;
      const gaveSign = runs.some(
        (run) => run.job === job && run.startMs <= middleMs && run.endMs > middleMs - silenceMs,
      );
      // Here tables are built once both others have ended; until then nothing is known of them.
      return { fromMs: ms, expected: gaveSign ? false : "schedule" in jobs[job] ? true : undefined };
    });
  };
}

/**
 * A run changes the archive from its beginning on, and reports it at its end. If a severe trouble strikes a run, a later
 * run reports its changes. While S3 denies a day's manifest or calls, the run knows more than the archive shows.
 */
function ofArchive(expectationOf: (night: ArchivedNight, nights: StackNights) => Expectation): AlarmTruth {
  return (nights) => {
    const { plan, archived } = nights;
    let known: Expectation = false;
    return archived.flatMap((night) => {
      const { run } = night;
      const before = known;
      const stored = expectationOf(night, nights);
      const after = stored === false && isDayRefused(plan, run) ? undefined : stored;
      known = before === after || (owesEverything({ plan, run }) && !isDamaged(plan, run)) ? after : undefined;
      return [
        { fromMs: run.startMs, expected: before === known ? known : undefined },
        { fromMs: run.endMs, expected: known },
      ];
    });
  };
}

/** The state of a damaged day is unknown. */
function isDamaged({ troubles }: StormPlan, { startMs, endMs }: RunRecord): boolean {
  return troubles.some((trouble) => trouble.type === "damage" && isInSpan(trouble, startMs, endMs));
}

function isDayRefused({ troubles }: StormPlan, { startMs, endMs }: RunRecord): boolean {
  return troubles.some(
    (trouble) =>
      trouble.type === "aws" && /^\^(manifests|calls)\//.test(trouble.fault.key) && isInSpan(trouble, startMs, endMs),
  );
}

function dayIsOpenForSevenNights(night: ArchivedNight, { archived }: StackNights): Expectation {
  const upToNow = archived.slice(0, archived.indexOf(night) + 1);
  const expectations = [...night.callsOfDays.keys()].map((day): Expectation => {
    const isOpen = ({ days, callsOfDays }: ArchivedNight) => callsOfDays.has(day) && days.get(day)?.isListed !== true;
    const open = upToNow.slice(upToNow.findLastIndex((each) => !isOpen(each)) + 1);
    const [first] = open;
    if (!first) return false;
    const openDays = (night.run.endMs - first.run.startMs) / dayMs;
    const isNightly = open.every(({ run }, n) => n === 0 || run.startMs - (open[n - 1]?.run.startMs ?? 0) < 2 * dayMs);
    // One that was listed for the first time after such nights has begun to settle.
    const listings = open.map(({ days }) => days.get(day)?.listings ?? 0);
    const isSettling = new Set(listings.slice(-2)).size > 1 && new Set(listings).size < listings.length;
    if (openDays > 7.5 && open.length > 7 && isNightly) return isSettling ? undefined : true;
    // One that had settled and is open again is counted from its first listing.
    if (upToNow.some((each) => each.callsOfDays.has(day) && !isOpen(each))) return undefined;
    return openDays < 6.5 && open.length < 7 ? false : undefined;
  });
  return anyOf(expectations);
}

function recordingIsPendingFor17Days(night: ArchivedNight, { archived }: StackNights): Expectation {
  return anyOf(
    pendingOf(night).map(({ day, recording: { id } }): Expectation => {
      const first = archived.find(({ days }) => days.get(day)?.recordings.has(id))?.run;
      if (!first) return undefined;
      if (night.run.startMs - first.endMs >= 17 * dayMs) return true;
      return night.run.endMs - first.startMs < 17 * dayMs ? false : undefined;
    }),
  );
}

/** True if five or more recordings, and at least a tenth of those requested of their day or of all open days, failed with the same result. */
function manyFailedAlike({ days }: ArchivedNight): Expectation {
  const open = pairsOf(new Map([...days].filter(([, { isClosed }]) => !isClosed)));
  const requested = open.filter(({ recording }) => recording.state === "stored" || recording.attempts.length > 0);
  const reasonOf = ({ recording }: DayRecording) => recording.attempts.at(-1)?.reason ?? "";
  const isBulk = (some: readonly DayRecording[]) => {
    const failed = some.filter(({ recording }) => recording.state === "pending");
    const alike = [...Map.groupBy(failed, reasonOf).values()].map(({ length }) => length);
    return Math.max(0, ...alike) >= Math.max(5, some.length / 10);
  };
  return isBulk(requested) || [...Map.groupBy(requested, ({ day }) => day).values()].some(isBulk);
}

/** True within a week, or a quarter of a retention under 28 days. */
function pendingIsNearDeletion(night: ArchivedNight, { plan }: StackNights): Expectation {
  const nearDays = Math.min(7, retentionDaysOf(plan) / 4);
  return anyOf(
    pendingOf(night).map(({ day }): Expectation => {
      if (daysLeft(plan, day, night.run.startMs) < nearDays) return true;
      return daysLeft(plan, day, night.run.endMs) > nearDays ? false : undefined;
    }),
  );
}

function pendingIsTooMuch(night: ArchivedNight, { plan }: StackNights): Expectation {
  const limits = plan.troubles.flatMap((trouble) => (trouble.type === "limits" ? (trouble.limits.heavy ?? []) : []));
  const perDay = [realLimits.heavy, ...limits].map(({ limit, windowMs }) => (limit * dayMs) / windowMs);
  const left = pendingOf(night)
    .map(({ day }) => daysLeft(plan, day, night.run.endMs))
    .filter((days) => days > 0)
    .sort((a, b) => a - b);
  // One that has been lowered or raised is not known for sure.
  const isTooMuch = (atMost: number) => left.some((days, n) => n + 1 > days * atMost);
  if (!isTooMuch(Math.min(...perDay))) return false;
  return isTooMuch(Math.max(...perDay)) || plan.troubles.some(isLimitForGood(night)) ? true : undefined;
}

const isLimitForGood =
  ({ run }: ArchivedNight) =>
  (trouble: StormPlan["troubles"][number]): boolean =>
    trouble.type === "limits" && trouble.fromMs < run.startMs && (trouble.untilMs ?? Infinity) > run.endMs;

/** True after a weekday that had 20 calls in both weeks before. Holidays are not considered. */
function twoBusinessDaysAreQuiet({ callsOfDays }: ArchivedNight): Expectation {
  const lastDay = [...callsOfDays.keys()].sort().at(-1);
  if (lastDay === undefined) return false;
  let quiet = 0;
  for (let n = 0; n < 5; n++) {
    const day = addDays(lastDay, -n);
    if ([7, 14].some((before) => (callsOfDays.get(addDays(day, -before)) ?? 0) < 20)) continue;
    // A day without any recording may be quiet, too.
    if (callsOfDays.get(day) !== 0) return quiet >= 2 ? true : quiet === 0 ? undefined : false;
    quiet++;
  }
  return quiet >= 2;
}

/** True within some days; a run reads it before its first request. */
function credentialExpires(minDays: number): AlarmTruth {
  return ({ plan, runs }) => {
    const { credentialExpiresAt } = plan.account ?? {};
    if (credentialExpiresAt === undefined) return [];
    const daysAt = (ms: number) => (Date.parse(credentialExpiresAt) - ms) / dayMs;
    return runs
      .filter(({ requests, loginsAtMs }) => requests.length + loginsAtMs.length > 0)
      .flatMap(({ startMs, endMs }) => {
        const expected = daysAt(startMs) <= minDays;
        // Whole days are published.
        const isClear = expected || daysAt(endMs) > minDays + 1;
        return [
          { fromMs: startMs, expected: isClear && !expected ? expected : undefined },
          { fromMs: endMs, expected: isClear ? expected : undefined },
        ];
      });
  };
}

interface DayRecording {
  readonly day: string;
  readonly recording: StoredRecording;
}

function pairsOf(days: ArchivedNight["days"]): readonly DayRecording[] {
  return [...days.values()].flatMap(({ day, recordings }) =>
    [...recordings.values()].map((recording) => ({ day, recording })),
  );
}

function pendingOf({ days }: ArchivedNight): readonly DayRecording[] {
  return pairsOf(days).filter(({ recording }) => recording.state === "pending");
}

/** Returns the days until RingCentral may delete the first recording of a day, which begins at 05:00 UTC or, in summer, an hour earlier. */
function daysLeft(plan: StormPlan, day: string, nowMs: number): number {
  return (Date.parse(`${day}T05:00:00Z`) - nowMs) / dayMs + retentionDaysOf(plan);
}

function anyOf(expectations: readonly Expectation[]): Expectation {
  if (expectations.includes(true)) return true;
  return expectations.includes(undefined) ? undefined : false;
}
