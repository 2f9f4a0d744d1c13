import * as z from "zod/mini";
import { toBody } from "../../aws/bucket.ts";
import type { RecordingEntry } from "../../core/calls/call-manifest.ts";
import { fetchOrder } from "../../core/calls/fetch-order.ts";
import { stateKeys } from "../../core/object-keys.ts";
import { addDays, type Day, dayOf } from "../../core/time/days.ts";
import { JobError } from "../../errors.ts";
import { appendEvents } from "../../storage/day-events.ts";
import {
  eachDay,
  isOfOneObject,
  type UnreadableDays,
  undefinedIfOfOneObject,
  unreadableDays,
} from "../../storage/each-day.ts";
import { readDayState } from "../../storage/manifest-file.ts";
import { unzippedJson, zippedJson } from "../../storage/zipped-json.ts";
import { readAutomaticRecordings, writeAutomaticRecordings } from "./automatic-recordings.ts";
import { dueRecordingsOf, findLackingDays, lastStored } from "./due-recordings.ts";
import type { DaysToArchive } from "./find-days-to-archive.ts";
import { createOwningDayLookup } from "./owning-day.ts";
import type { ArchiveServices } from "./services.ts";

/** A recording to fetch. */
export interface DueRecording {
  /** The day whose manifest is told what came of it. */
  readonly day: Day;
  readonly id: string;
  readonly contentUri: string;
  /** The day it is stored under, where calls of two days name it. @default day */
  readonly home?: Day | undefined;
  /** Why nothing but the day is known of it: what was planned for the day cannot be read. */
  readonly planError?: JobError | undefined;
  /** True where no attempt was made before. */
  readonly isFirst?: boolean | undefined;
}

/** What is to be fetched, in the order of fetching; kept as a step's result. */
export interface RecordingPlan {
  readonly days: readonly { readonly day: Day; readonly due: number }[];
  /** Id of the newest recording that is stored: one that could be fetched before. */
  readonly newestStored?: string | undefined;
  /** Open days that could not be planned. */
  readonly unplanned?: UnreadableDays;
}

const DayPlan = z.array(
  z.object({
    id: z.string(),
    contentUri: z.string(),
    home: z.optional(z.string()),
    isFirst: z.optional(z.boolean()),
  }),
);

/** Finds every recording that is due, writes down day by day what to fetch, and tells in which order. */
export async function planRecordings(s: ArchiveServices, days: DaysToArchive): Promise<RecordingPlan> {
  const { account, retention, requested } = days;
  const readState = async (day: Day) => (await readDayState({ ...s, account }, day)).manifest;
  const today = dayOf(s.now(), s.timeZone);
  const counts = await readAutomaticRecordings(s.state);
  const lacking = await findLackingDays({ open: days.days, readManifest: readState, counts, retention });
  const { stored, unread } = lacking;
  await writeAutomaticRecordings(s.state, counts);

  const homeOf = createOwningDayLookup(async (day) =>
    unread.has(day) ? undefined : readState(day).catch(undefinedIfOfOneObject),
  );
  const planned: { day: Day; due: number }[] = [];
  const asked = new Set(requested);
  const unplanned = await eachDay(lacking.days, async (day) => {
    const { due, events } = dueRecordingsOf(await readState(day), {
      ...{ aggregate: s.aggregate, retention, now: s.now(), timeZone: s.timeZone },
      ...{ isRequested: asked.has(day), beyondCount: lacking.beyondCount(day) },
    });
    if (events.length > 0) await appendEvents(s, { account, day, name: "horizon" }, events);
    if (due.length === 0) return;
    await writeDayPlan(s, day, await Promise.all(due.map(async (entry) => dueOf(entry, await homeOf(day, entry.id)))));
    planned.push({ day, due: due.length });
  });
  const order = fetchOrder(planned, { today, retentionDays: retention.daysToFetch, requested: requested });
  s.log.info("recordings planned", { days: order.length, due: countDue(order) });
  // What RingCentral may have deleted since would be no control.
  const isKept = (day: Day) => day > addDays(today, -retention.daysToFetch);
  const newest = [...stored.keys()].filter(isKept).sort().at(-1);
  const { settledDay } = days;
  const settled =
    !newest && settledDay && isKept(settledDay) ? await readState(settledDay).catch(undefinedIfOfOneObject) : undefined;
  const errors = [...unread, ...unplanned];
  for (const [day, error] of errors) s.log.error("a day could not be planned", { day, ...error.toJSON() });
  const newestStored = newest ? stored.get(newest) : settled && lastStored(settled)?.id;
  return { days: order, newestStored, unplanned: unreadableDays(errors) };
}

export function countDue(days: RecordingPlan["days"]): number {
  return days.reduce((sum, { due }) => sum + due, 0);
}

/** The recordings of a plan behind the first `decided`, a day's at a time. */
export async function* readDueRecordings(
  s: ArchiveServices,
  plan: RecordingPlan,
  decided: number,
): AsyncGenerator<DueRecording> {
  let before = decided;
  for (const { day, due } of plan.days) {
    if (before < due) yield* (await readDayPlan(s, day, due)).slice(before);
    before = Math.max(0, before - due);
  }
}

function dueOf({ id, contentUri = "", attempts = [] }: RecordingEntry, home: Day) {
  return { id, contentUri, home, ...(attempts.length === 0 && { isFirst: true }) };
}

async function writeDayPlan(s: ArchiveServices, day: Day, due: z.infer<typeof DayPlan>): Promise<void> {
  const inOrder = due.map(({ home, ...each }) => (home === day ? each : { ...each, home }));
  await s.state.put(stateKeys.plan(s.run.name, day), toBody(zippedJson(inOrder)), "application/gzip");
}

async function readDayPlan(s: ArchiveServices, day: Day, due: number): Promise<DueRecording[]> {
  const key = stateKeys.plan(s.run.name, day);
  let what = "gone";
  const stored = await s.state.get(key).catch((error: unknown) => {
    if (!isOfOneObject(error)) throw error;
    what = `refused (${error.message})`;
    return undefined;
  });
  const plan = stored && readPlan(stored.body);
  if (plan?.length === due) return plan.map((each) => ({ day, ...each }));
  const planError = new JobError("STORAGE_INVALID", `${key} is ${stored ? "damaged" : what}`, {
    hint: "No action: the next run plans this day again. If it stays, check the state bucket's lifecycle rules.",
    details: { key },
  });
  return Array.from({ length: due }, () => ({ day, id: "", contentUri: "", planError }));
}

function readPlan(body: Buffer): z.infer<typeof DayPlan> | undefined {
  try {
    return DayPlan.parse(unzippedJson(body));
  } catch {
    return undefined;
  }
}
