import * as z from "zod/mini";
import type { RecordingEntry } from "../../core/calls/call-manifest.ts";
import { fetchOrder } from "../../core/calls/fetch-order.ts";
import { stateKeys } from "../../core/object-keys.ts";
import { addDays, type Day, dayOf } from "../../core/time/days.ts";
import { JobError } from "../../errors.ts";
import {
  eachDay,
  isOfOneObject,
  type UnreadableDays,
  undefinedIfOfOneObject,
  unreadableDays,
} from "../../storage/each-day.ts";
import { parseStored, zippedJson } from "../../storage/stored-json.ts";
import { dueRecordingsOf, findLackingDays, lastStored } from "./due-recordings.ts";
import type { DaysToArchive } from "./find-days-to-archive.ts";
import { createOwningDayLookup } from "./owning-day.ts";
import type { ArchiveServices } from "./services.ts";

/** A recording to fetch. */
export interface DueRecording {
  /** The day whose manifest gets the event. */
  readonly day: Day;
  readonly id: string;
  readonly contentUri: string;
  /** The day it is stored under, if two days reference it. @default day */
  readonly owningDay?: Day | undefined;
  /** Set if the day's plan cannot be read; then only the day is known. */
  readonly planError?: JobError | undefined;
  /** True if no attempt was made before. */
  readonly isFirst?: boolean | undefined;
}

/** The days with due recordings, in the order of fetching; stored as a step's result. */
export interface RecordingPlan {
  readonly days: readonly { readonly day: Day; readonly due: number }[];
  /** Id of the newest stored recording, which RingCentral has served before. */
  readonly newestStored?: string | undefined;
  /** Open days that could not be planned. */
  readonly unplanned?: UnreadableDays;
}

const DayPlan = z.array(
  z.object({
    id: z.string(),
    contentUri: z.string(),
    owningDay: z.optional(z.string()),
    isFirst: z.optional(z.boolean()),
  }),
);

/** Finds every due recording, writes a plan per day, and returns the days in the order of fetching. */
export async function planRecordings(services: ArchiveServices, days: DaysToArchive): Promise<RecordingPlan> {
  const { account, retention, requested } = days;
  const store = services.dayStore(account);
  const readManifest = async (day: Day) => (await store.read(day)).manifest;
  const today = dayOf(services.now(), services.timeZone);
  const lacking = await findLackingDays({ open: days.days, read: store.read, counts: await store.counts(), retention });
  const { stored, unread } = lacking;

  const owningDayOf = createOwningDayLookup(async (day) =>
    unread.has(day) ? undefined : readManifest(day).catch(undefinedIfOfOneObject),
  );
  const planned: { day: Day; due: number }[] = [];
  const requestedDays = new Set(requested);
  const unplanned = await eachDay(lacking.days, async (day) => {
    const { due, events } = dueRecordingsOf(await readManifest(day), {
      aggregate: services.aggregate,
      retention,
      now: services.now(),
      timeZone: services.timeZone,
      isRequested: requestedDays.has(day),
      beyondCount: lacking.beyondCount(day),
    });
    if (events.length > 0) await store.append(day, "horizon", events);
    if (due.length === 0) return;
    await writeDayPlan(
      services,
      day,
      await Promise.all(due.map(async (entry) => dueOf(entry, await owningDayOf(day, entry.id)))),
    );
    planned.push({ day, due: due.length });
  });
  const order = fetchOrder(planned, { today, retentionDays: retention.daysToFetch, requested });
  services.log.info("recordings planned", { days: order.length, due: countDue(order) });
  // A recording that RingCentral may have deleted since cannot serve as control.
  const isKept = (day: Day) => day > addDays(today, -retention.daysToFetch);
  const newest = [...stored.keys()].filter(isKept).sort().at(-1);
  const { newestClosedDay } = days;
  const settled =
    !newest && newestClosedDay && isKept(newestClosedDay)
      ? await readManifest(newestClosedDay).catch(undefinedIfOfOneObject)
      : undefined;
  const errors = [...unread, ...unplanned];
  for (const [day, error] of errors) services.log.error("day planning failed", { day, ...error.toJSON() });
  const newestStored = newest ? stored.get(newest) : settled && lastStored(settled)?.id;
  return { days: order, newestStored, unplanned: unreadableDays(errors) };
}

export function countDue(days: RecordingPlan["days"]): number {
  return days.reduce((sum, { due }) => sum + due, 0);
}

/** Yields the recordings of a plan after the first `decided`, reading one day's plan at a time. */
export async function* readDueRecordings(
  services: ArchiveServices,
  plan: RecordingPlan,
  decided: number,
): AsyncGenerator<DueRecording> {
  let skipped = decided;
  for (const { day, due } of plan.days) {
    if (skipped < due) yield* (await readDayPlan(services, day, due)).slice(skipped);
    skipped = Math.max(0, skipped - due);
  }
}

function dueOf({ id, contentUri = "", attempts = [] }: RecordingEntry, owningDay: Day) {
  return { id, contentUri, owningDay, ...(attempts.length === 0 && { isFirst: true }) };
}

async function writeDayPlan(services: ArchiveServices, day: Day, due: z.infer<typeof DayPlan>): Promise<void> {
  const recordings = due.map(({ owningDay, ...each }) => (owningDay === day ? each : { ...each, owningDay }));
  await services.state.put(stateKeys.plan(services.run.name, day), zippedJson(recordings), "application/gzip");
}

async function readDayPlan(services: ArchiveServices, day: Day, due: number): Promise<DueRecording[]> {
  const key = stateKeys.plan(services.run.name, day);
  let problem = "missing";
  const stored = await services.state.get(key).catch((error: unknown) => {
    if (!isOfOneObject(error)) throw error;
    problem = `refused (${error.message})`;
    return undefined;
  });
  const plan = parseStored(DayPlan, stored);
  if (plan?.length === due) return plan.map((each) => ({ day, ...each }));
  const planError = new JobError("STORAGE_INVALID", `${key} is ${stored ? "damaged" : problem}`, {
    hint: "No action: the next run plans this day again. If this happens again, check the state bucket's lifecycle rules.",
    details: { key },
  });
  return Array.from({ length: due }, () => ({ day, id: "", contentUri: "", planError }));
}
