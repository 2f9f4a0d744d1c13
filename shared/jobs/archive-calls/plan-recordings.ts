import type { RecordingEntry } from "../../core/calls/call-manifest.ts";
import { fetchOrder } from "../../core/calls/fetch-order.ts";
import { addDays, type Day, dayOf } from "../../core/time/days.ts";
import { eachDay, undefinedIfOfOneObject, unreadableDays } from "../../storage/each-day.ts";
import { dueRecordingsOf, findLackingDays, lastStored } from "./due-recordings.ts";
import type { DaysToArchive } from "./find-days-to-archive.ts";
import { createOwningDayLookup } from "./owning-day.ts";
import { countDue, type RecordingPlan, writeDayPlan } from "./recording-plan.ts";
import type { ArchiveServices } from "./services.ts";

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

function dueOf({ id, contentUri = "", attempts = [] }: RecordingEntry, owningDay: Day) {
  return { id, contentUri, owningDay, ...(attempts.length === 0 && { isFirst: true }) };
}
