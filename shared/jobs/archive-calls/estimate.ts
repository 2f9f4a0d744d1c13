import type { Bucket } from "../../aws/bucket.ts";
import { forEachConcurrent } from "../../core/async/for-each-concurrent.ts";
import { costOfRun, type EstimatedCost, usage } from "../../core/aws-cost.ts";
import { callAggregate } from "../../core/calls/call-aggregate.ts";
import type { CallDayEvent, CallManifest } from "../../core/calls/call-manifest.ts";
import { defaultRetention } from "../../core/calls/horizon.ts";
import type { SettleRules } from "../../core/calls/settling.ts";
import { type EstimatedRateLimit, minutesAtLeast } from "../../core/minutes-at-least.ts";
import { archiveKeys } from "../../core/object-keys.ts";
import { addDays, type Day, dayOf } from "../../core/time/days.ts";
import { type CachedAccount, readCachedAccount } from "../../storage/cached-account.ts";
import { createDayStore, type DayStore } from "../../storage/day-store.ts";
import { eachDay } from "../../storage/each-day.ts";
import { dueRecordingsOf, findLackingDays } from "./due-recordings.ts";
import { type ChosenDays, chooseDays, isListingDue } from "./find-days-to-archive.ts";
import type { ArchiveRequest } from "./request.ts";

export interface ArchiveEstimateOptions {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly now: Date;
  readonly timeZone: string;
  readonly archiveFrom: Day;
  readonly rules: SettleRules;
}

/** Estimate of a run, from what S3 contains; numbers are lower bounds. */
export interface ArchiveEstimate {
  readonly days: number;
  readonly firstDay: Day | undefined;
  readonly lastDay: Day | undefined;
  /** Requested days that the run skips, because they are closed. */
  readonly closed: readonly Day[];
  readonly daysNeverListed: number;
  readonly daysListedAgain: number;
  /** Known recordings that are due. */
  readonly recordingsDue: number;
  /** Heavy requests: one per day to list, and one per due recording. */
  readonly requestsAtLeast: number;
  readonly minutesAtLeast: number;
  readonly rateLimit: EstimatedRateLimit;
  readonly cost: EstimatedCost;
  /** Requests that cannot be known in advance. Empty: everything was counted. */
  readonly notCounted: readonly string[];
  /** Hints for the operator about the request. */
  readonly hints: readonly string[];
}

/** RingCentral's default for the Heavy group. https://developers.ringcentral.com/guide/basics/rate-limits */
const defaultHeavyPerMinute = 10;
const listConcurrency = 16;

/** Estimates a run from S3 alone; sends RingCentral no request and writes nothing. */
export async function estimateArchive(
  options: ArchiveEstimateOptions,
  request: ArchiveRequest,
): Promise<ArchiveEstimate> {
  const { archive, state, now, timeZone, archiveFrom, rules } = options;
  const cached = await readCachedAccount(state);
  const account = cached?.id ?? "";
  const aggregate = callAggregate(rules);
  const store = createDayStore({ archive, state, aggregate, account, timeZone, run: { name: "" }, now: () => now });
  const chosen = await chooseDays({ store, archiveFrom, today: dayOf(now, timeZone), visit: async () => {} }, request);
  const { begun, skipped: closed } = chosen;
  const known = await readKnownDays(options, store, cached?.retention, chosen);
  const days = chosen.days.filter((day) => !known.unreadable.has(day));
  const neverListed = days.filter((day) => !begun.has(day) || known.neverListed.has(day)).length;
  const { listedAgain } = known;
  const recordings = (await withoutStored(archive, account, known.due)).size;
  const requests = neverListed + listedAgain.size + recordings;
  const { heavyPerMinute } = cached ?? {};
  const rateLimit = {
    requestsPerMinute: heavyPerMinute ?? defaultHeavyPerMinute,
    isAssumed: heavyPerMinute === undefined,
  };
  return {
    days: days.length,
    firstDay: days[0],
    lastDay: days.at(-1),
    closed,
    daysNeverListed: neverListed,
    daysListedAgain: listedAgain.size,
    recordingsDue: recordings,
    requestsAtLeast: requests,
    minutesAtLeast: minutesAtLeast(requests, rateLimit),
    rateLimit,
    cost: costOfRun(usage.recording, recordings, averageBytes(await store.counts()) * recordings || undefined),
    notCounted: notCounted(neverListed, listedAgain),
    hints: [
      ...(closed.length > 0 ? ['Add "relist": true to list the days in closed again; they are complete.'] : []),
      ...[...known.unreadable].map(([day, { code, message }]) => `The run skips ${day}, ${code}: ${message}.`),
    ],
  };
}

/** Reads from the manifests which days were listed, and which recordings are due, by id, on which day. */
async function readKnownDays(
  { now, timeZone, rules }: ArchiveEstimateOptions,
  store: DayStore<CallManifest, CallDayEvent>,
  cachedRetention: CachedAccount["retention"],
  { days, begun, requested, unreadable }: ChosenDays,
) {
  const { aggregate } = store;
  const requestedDays = new Set(requested);
  const neverListed = new Set<Day>();
  const listedAgain = new Map<Day, CallManifest>();
  const due = new Map<string, Day>();
  const read = async (day: Day) => {
    const dayState = await store.read(day);
    const { manifest } = dayState;
    if (manifest.listings.length === 0) neverListed.add(day);
    else if (requestedDays.has(day) || isListingDue(manifest, { rules, now })) listedAgain.set(day, manifest);
    return dayState;
  };
  const retention = { ...defaultRetention, ...cachedRetention };
  const open = days.filter((day) => begun.has(day));
  const lacking = await findLackingDays({ open, read, counts: await store.counts(), retention });
  const unplanned = await eachDay(lacking.days, async (day) => {
    const { manifest } = await read(day);
    const beyondCount = lacking.beyondCount(day);
    const options = { aggregate, retention, now, timeZone, isRequested: requestedDays.has(day), beyondCount };
    for (const { id } of dueRecordingsOf(manifest, options).due) due.set(id, day);
  });
  return { neverListed, listedAgain, due, unreadable: new Map([...unreadable, ...lacking.unread, ...unplanned]) };
}

/** Removes recordings that are stored already: by a stopped run that wrote no event, or under an adjacent day. */
async function withoutStored(archive: Bucket, account: string, due: ReadonlyMap<string, Day>) {
  const days = new Set([...due.values()].flatMap((day) => [addDays(day, -1), day, addDays(day, 1)]));
  const stored = new Set<string>();
  await forEachConcurrent(days, listConcurrency, async (day) => {
    for await (const { key } of archive.list(archiveKeys.dayRecordingsPrefix(account, day))) stored.add(nameIn(key));
  });
  return new Set([...due].filter(([id, day]) => !stored.has(nameIn(archiveKeys.recording(account, day, id, "mp3")))));
}

/** Mean size of the recordings of days that the index knows; 0 if there are none. */
function averageBytes(counts: ReadonlyMap<Day, Readonly<Record<string, number>>>): number {
  const sum = (name: "bytes" | "stored") => [...counts.values()].reduce((total, day) => total + (day[name] ?? 0), 0);
  return sum("bytes") / Math.max(1, sum("stored"));
}

/** Returns a key's last segment without extension, which identifies a recording. */
function nameIn(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1, key.lastIndexOf("."));
}

function notCounted(neverListed: number, listedAgain: ReadonlyMap<Day, CallManifest>): string[] {
  const calls = [...listedAgain.values()].reduce((sum, { totals }) => sum + totals.records, 0);
  const extraRequests = "an API request for each, and for every further 1,000 calls of a day";
  return [
    ...(neverListed > 0 ? [`Recordings of days that were never listed (${neverListed}): ${extraRequests}.`] : []),
    ...(listedAgain.size > 0
      ? [
          `New recordings of days that are listed again (${listedAgain.size}; calls in the last listing: ${calls}): ${extraRequests}.`,
        ]
      : []),
  ];
}
