import * as z from "zod/mini";
import { bytesBody } from "../aws/bucket.ts";
import { addDays, type Day, dayOf } from "../core/days.ts";
import { fetchOrder, isAboutToVanish } from "../core/fetch-order.ts";
import { passedByAge, passedByCount } from "../core/horizon.ts";
import type { Manifest, ManifestEvent, RecordingEntry } from "../core/manifest.ts";
import { stateKeys } from "../core/object-keys.ts";
import { nextTryAt } from "../core/recording-state.ts";
import { JobError } from "../errors.ts";
import {
  eachDay,
  isOfOneObject,
  type UnreadableDays,
  undefinedIfOfOneObject,
  unreadableDays,
} from "../storage/each-day.ts";
import { readDayState } from "../storage/manifest-file.ts";
import { writeOutcome } from "../storage/outcomes.ts";
import { unzippedJson, zippedJson } from "../storage/zipped-json.ts";
import { createHomes } from "./homes.ts";
import type { OpenDays } from "./open-days.ts";
import { readRecordingCounts, writeRecordingCounts } from "./recording-counts.ts";
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
export interface Plan {
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
export async function planRecordings(s: ArchiveServices, days: OpenDays): Promise<Plan> {
  const { account, retention, first } = days;
  const readState = async (day: Day) => (await readDayState({ ...s, account }, day)).manifest;
  const today = dayOf(s.now(), s.timeZone);
  const counts = await readRecordingCounts(s.state);
  const stored = new Map<Day, string>();
  const named: Day[] = [];
  const neverPlanned = new Set<Day>();
  const unread = await eachDay(days.open, async (day) => {
    const state = await readState(day);
    const { totals, horizonPassed, listings } = state;
    if (!counts.has(day)) neverPlanned.add(day);
    counts.set(day, totals.automatic);
    const last = lastStored(state);
    if (last) stored.set(day, last.id);
    // Of a day without recordings the horizon tells whether it may have had some.
    const mayHaveExpired = !horizonPassed && (listings.at(-1)?.callsWithoutRecording ?? 0) > 0;
    if (totals.recordings > totals.stored || mayHaveExpired) named.push(day);
  });
  await writeRecordingCounts(s.state, counts);

  const uncounted = passedByCount(counts, retention);
  const homeOf = createHomes(async (day) =>
    unread.has(day) ? undefined : readState(day).catch(undefinedIfOfOneObject),
  );
  const planned: { day: Day; due: number }[] = [];
  const asked = new Set(first);
  const unplanned = await eachDay(named.sort(), async (day) => {
    const beyondCount = day > (uncounted ?? "") ? undefined : neverPlanned.has(day) ? "before" : "now";
    const manifest = await withHorizon(s, days, await readState(day), beyondCount);
    const isUrgent = isAboutToVanish(day, { today, retentionDays: retention.daysToFetch });
    const due = manifest.recordings.filter((entry) => isDue(entry, { now: s.now(), asked: asked.has(day), isUrgent }));
    if (due.length === 0) return;
    await writeDayPlan(s, day, await Promise.all(due.map(async (entry) => dueOf(entry, await homeOf(day, entry.id)))));
    planned.push({ day, due: due.length });
  });
  const order = fetchOrder(planned, { today, retentionDays: retention.daysToFetch, first });
  s.log.info("recordings planned", { days: order.length, due: dueIn(order) });
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

function lastStored({ recordings }: Manifest): RecordingEntry | undefined {
  return recordings.findLast(({ state }) => state === "stored");
}

export function dueIn(days: Plan["days"]): number {
  return days.reduce((sum, { due }) => sum + due, 0);
}

/** The recordings of a plan behind the first `decided`, a day's at a time. */
export async function* dueRecordings(s: ArchiveServices, plan: Plan, decided: number): AsyncGenerator<DueRecording> {
  let before = decided;
  for (const { day, due } of plan.days) {
    if (before < due) yield* (await readDayPlan(s, day, due)).slice(before);
    before = Math.max(0, before - due);
  }
}

/** The manifest with RingCentral's horizon in it, should that have passed the day; it is written down as seen now. */
async function withHorizon(
  s: ArchiveServices,
  { account, retention }: OpenDays,
  manifest: Manifest,
  beyondCount: "before" | "now" | undefined,
): Promise<Manifest> {
  const events: ManifestEvent[] = [];
  const byAge = passedByAge(manifest.to, retention, s.now());
  if (byAge && !manifest.horizonPassed) events.push({ is: "horizon", by: "age", passed: byAge });
  if (beyondCount && !manifest.capPassed) {
    // A day that no run has counted yet was beyond the cap when it was first listed; one that was has passed it now.
    const passed = (beyondCount === "before" && manifest.listings[0]?.at) || s.now().toISOString();
    events.push({ is: "horizon", by: "cap", passed });
  }
  if (events.length === 0) return manifest;
  await writeOutcome(s, { account, day: manifest.day, name: "horizon" }, events);
  return s.book.reduce(manifest, events);
}

interface DueRules {
  readonly now: Date;
  readonly asked: boolean;
  /** Whether RingCentral is about to delete what the day recorded: then every night counts. */
  readonly isUrgent: boolean;
}

function isDue(entry: RecordingEntry, { now, asked, isUrgent }: DueRules): boolean {
  if (!entry.contentUri || entry.state === "stored") return false;
  return asked || (entry.state === "pending" && (isUrgent || nextTryAt(entry) <= now));
}

function dueOf({ id, contentUri = "", tries = [] }: RecordingEntry, home: Day) {
  return { id, contentUri, home, ...(tries.length === 0 && { isFirst: true }) };
}

async function writeDayPlan(s: ArchiveServices, day: Day, due: z.infer<typeof DayPlan>): Promise<void> {
  const inOrder = due.map(({ home, ...each }) => (home === day ? each : { ...each, home }));
  await s.state.put(stateKeys.plan(s.run.name, day), bytesBody(zippedJson(inOrder)), "application/gzip");
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
  const planError = new JobError("STORAGE_UNEXPECTED", `${key} is ${stored ? "damaged" : what}`, {
    todo: "No action: the next run plans this day again. If it stays, check the state bucket's lifecycle rules.",
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
