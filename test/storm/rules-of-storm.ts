import type { AwsLab } from "../../lab/aws/server.ts";
import { addDays } from "../../shared/core/time/days.ts";
import { maxAlikeInGroup } from "../../shared/core/whose-fault.ts";
import type { Obtainable } from "./rules-of-run.ts";
import type { StoredDay, StoredRecording } from "./stored-days.ts";
import { nightStartMs, retentionDaysOf, type StormPlan, stormDayMs, stormFirstDay } from "./storm-plan.ts";

/** State of the archive in the end, when all is calm again. */
export interface StormEnd {
  readonly plan: StormPlan;
  readonly aws: AwsLab;
  readonly archiveBucket: string;
  readonly days: ReadonlyMap<string, StoredDay>;
  readonly obtainable: Obtainable;
  readonly recordIds: ReadonlyMap<string, ReadonlySet<string>>;
}

export const rulesOfStorm = { archiveHasEveryRecord, archiveHasEveryRecording, everyDayIsClosed } as const;

/** In the end every record of every day is stored, except for days that RingCentral never gives. */
function archiveHasEveryRecord({ plan, obtainable, recordIds }: StormEnd): string | undefined {
  const troubled = troubledForGood(plan);
  for (const [day, ids] of obtainable.days) {
    if (troubled.days.has(day)) continue;
    const lacking = ids.filter((id) => !recordIds.get(day)?.has(id));
    if (lacking.length > 0) return `${day} lacks ${lacking.length} of ${ids.length} records`;
  }
  return undefined;
}

/** In the end every recording is stored, except those that RingCentral never gives. */
function archiveHasEveryRecording({ plan, aws, archiveBucket, days, obtainable }: StormEnd): string | undefined {
  const troubled = troubledForGood(plan);
  const lacking = [...obtainable.recordings].filter(([id, { day, bytes, sha256 }]) => {
    if (troubled.recordings.has(id) || troubled.days.has(day)) return false;
    const object = days.get(day)?.recordings.get(id)?.object;
    const stored = object && aws.describe(archiveBucket, object.key);
    return stored?.size !== bytes || stored.sha256 !== sha256;
  });
  if (lacking.length === 0) return undefined;
  const [id, { day } = { day: "" }] = lacking[0] ?? [""];
  const entry = days.get(day)?.recordings.get(id);
  const standing = entry
    ? `${entry.state} after ${entry.attempts.length} attempts (${entry.attempts.at(-1)?.reason})`
    : "unknown";
  return `${lacking.length} of ${obtainable.recordings.size} recordings are lacking; ${id} is ${standing}`;
}

/** In the end every day is closed, except those that lack what RingCentral never gives or whose lost recordings are being counted. */
function everyDayIsClosed({ plan, days, obtainable }: StormEnd): string | undefined {
  const troubled = troubledForGood(plan);
  const last = addDays(stormFirstDay, 2 + (plan.nights.at(-4) ?? 0));
  for (const day of obtainable.days.keys()) {
    if (day > last || troubled.days.has(day) || isAtHorizon(plan, day)) continue;
    const stored = days.get(day);
    const lacks = [...(stored?.recordings.keys() ?? [])].some((id) => troubled.recordings.has(id));
    if (stored && isGivingUp(plan, stored, obtainable)) continue;
    if (!lacks && !stored?.isClosed) return `${day} is ${stored ? "open" : "not there"}`;
  }
  return undefined;
}

/** True if RingCentral deletes the day's recordings about when the last night begins, so that only a later night decides whether they are lost. */
function isAtHorizon(plan: StormPlan, day: string): boolean {
  const deletedMs = Date.parse(day) + retentionDaysOf(plan) * stormDayMs;
  return Math.abs(nightStartMs(plan, plan.nights.length - 1) - deletedMs) < 2 * stormDayMs;
}

/** True if RingCentral has deleted all pending recordings of the day, and the last night gave up as many of them as one night does. */
function isGivingUp(plan: StormPlan, { recordings, isListed }: StoredDay, obtainable: Obtainable): boolean {
  const lastNightMs = nightStartMs(plan, plan.nights.length - 1);
  const isGivenUpLast = ({ state, attempts }: StoredRecording) =>
    state === "given-up" && Date.parse(attempts.at(-1)?.at ?? "") >= lastNightMs;
  const entries = [...recordings.values()];
  const isDeleted = ({ id, state }: StoredRecording) => state !== "pending" || !obtainable.recordings.has(id);
  return isListed && entries.every(isDeleted) && entries.filter(isGivenUpLast).length >= maxAlikeInGroup;
}

function troubledForGood({ troubles }: StormPlan) {
  const days = new Set<string>();
  const recordings = new Set<string>();
  for (const { items, untilMs } of troubles) {
    if (untilMs === null) for (const day of items?.days ?? []) days.add(day);
    // What was refused for it alone for so long may have been given up.
    if (Array.isArray(items?.recordings)) for (const id of items.recordings) recordings.add(id);
  }
  return { days, recordings };
}
