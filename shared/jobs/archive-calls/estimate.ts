import type { Bucket } from "../../aws/bucket.ts";
import { forEachConcurrent } from "../../core/async/for-each-concurrent.ts";
import { callAggregate } from "../../core/calls/call-aggregate.ts";
import type { CallManifest } from "../../core/calls/call-manifest.ts";
import { defaultRetention } from "../../core/calls/horizon.ts";
import type { SettleRules } from "../../core/calls/settling.ts";
import { type EstimatedRateLimit, minutesAtLeast } from "../../core/minutes-at-least.ts";
import { archiveKeys } from "../../core/object-keys.ts";
import { addDays, type Day, dayOf } from "../../core/time/days.ts";
import { type CachedAccount, readCachedAccount } from "../../storage/cached-account.ts";
import { eachDay } from "../../storage/each-day.ts";
import { readDayState } from "../../storage/manifest-file.ts";
import { readAutomaticRecordings } from "./automatic-recordings.ts";
import { dueRecordingsOf, findLackingDays } from "./due-recordings.ts";
import { chooseDays, isListingDue } from "./find-days-to-archive.ts";
import type { ArchiveRequest } from "./request.ts";

export interface EstimateOptions {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly now: Date;
  readonly timeZone: string;
  readonly archiveFrom: Day;
  readonly rules: SettleRules;
}

/** What a run would do, as far as S3 knows; the figures are lower bounds. */
export interface ArchiveEstimate {
  readonly days: number;
  readonly firstDay: Day | undefined;
  readonly lastDay: Day | undefined;
  /** Requested days that the run leaves out, because they are closed. */
  readonly closed: readonly Day[];
  readonly daysNeverListed: number;
  readonly daysListedAgain: number;
  /** Recordings that are known and due. */
  readonly recordingsDue: number;
  /** Heavy requests at RingCentral: one for each day to list, and one for each recording that is due. */
  readonly requestsAtLeast: number;
  readonly minutesAtLeast: number;
  readonly rateLimit: EstimatedRateLimit;
  /** What the run also asks for, and nobody can know before. Empty: everything was counted. */
  readonly notCounted: readonly string[];
  /** What the operator may want to do about the request. */
  readonly hints: readonly string[];
}

/** RingCentral's default for the Heavy group (guide: rate limits). */
const defaultHeavyPerMinute = 10;
const listConcurrency = 16;

export async function estimateArchive(options: EstimateOptions, request: ArchiveRequest): Promise<ArchiveEstimate> {
  const { archive, state, now, timeZone, archiveFrom } = options;
  const note = await readCachedAccount(state);
  const account = note?.id ?? "";
  const chosen = await chooseDays({ archive, state, account, archiveFrom, today: dayOf(now, timeZone) }, request);
  const { begun, requested, closed } = chosen;
  const known = await readKnownDays(options, { note, requested, days: chosen.all.filter((day) => begun.has(day)) });
  const days = chosen.all.filter((day) => !known.unreadable.has(day));
  const neverListed = days.filter((day) => !begun.has(day) || known.neverListed.has(day)).length;
  const { listedAgain } = known;
  const recordings = (await withoutStored(archive, account, known.due)).size;
  const requests = neverListed + listedAgain.size + recordings;
  const { heavyPerMinute } = note ?? {};
  const rateLimit = {
    requestsPerMinute: heavyPerMinute ?? defaultHeavyPerMinute,
    isAssumed: heavyPerMinute === undefined,
  };
  return {
    ...{ days: days.length, firstDay: days[0], lastDay: days.at(-1), closed },
    ...{ daysNeverListed: neverListed, daysListedAgain: listedAgain.size, recordingsDue: recordings },
    ...{ requestsAtLeast: requests, minutesAtLeast: minutesAtLeast(requests, rateLimit), rateLimit },
    notCounted: notCounted(neverListed, listedAgain),
    hints: [
      ...(closed.length > 0 ? ['The days in closed need nothing more: add "relist": true to list them again.'] : []),
      ...[...known.unreadable].map(([day, { code, message }]) => `The run leaves out ${day}, ${code}: ${message}.`),
    ],
  };
}

interface KnownDays {
  readonly note: CachedAccount | undefined;
  /** The requested days. */
  readonly requested: readonly Day[];
  /** The days of which something is known. */
  readonly days: readonly Day[];
}

/** What the manifests say: which days are listed, which recordings are due, and on which day each is named. */
async function readKnownDays(options: EstimateOptions, { note, requested, days }: KnownDays) {
  const { archive, state, now, timeZone, rules } = options;
  const aggregate = callAggregate(rules);
  const requestedDays = new Set(requested);
  const neverListed = new Set<Day>();
  const listedAgain = new Map<Day, CallManifest>();
  const due = new Map<string, Day>();
  const readManifest = async (day: Day) => {
    const { manifest } = await readDayState({ archive, state, account: note?.id ?? "", timeZone, aggregate }, day);
    if (manifest.listings.length === 0) neverListed.add(day);
    else if (requestedDays.has(day) || isListingDue(manifest, { rules, now })) listedAgain.set(day, manifest);
    return manifest;
  };
  const retention = { ...defaultRetention, ...note?.retention };
  const counts = await readAutomaticRecordings(state);
  const lacking = await findLackingDays({ open: days, readManifest, counts, retention });
  const unplanned = await eachDay(lacking.days, async (day) => {
    const facts = { isRequested: requestedDays.has(day), beyondCount: lacking.beyondCount(day) };
    const ofDay = dueRecordingsOf(await readManifest(day), { aggregate, retention, now, timeZone, ...facts });
    for (const { id } of ofDay.due) due.set(id, day);
  });
  return { neverListed, listedAgain, due, unreadable: new Map([...lacking.unread, ...unplanned]) };
}

/** Those that do not lie in the archive: a run that was stopped may have stored some and not noted it; a neighbouring day may have. */
async function withoutStored(archive: Bucket, account: string, due: ReadonlyMap<string, Day>) {
  const days = new Set([...due.values()].flatMap((day) => [addDays(day, -1), day, addDays(day, 1)]));
  const stored = new Set<string>();
  await forEachConcurrent(days, listConcurrency, async (day) => {
    for await (const { key } of archive.list(archiveKeys.dayRecordingsPrefix(account, day))) stored.add(nameIn(key));
  });
  return new Set([...due].filter(([id, day]) => !stored.has(nameIn(archiveKeys.recording(account, day, id, "mp3")))));
}

/** A key's last part without its extension, which stands for a recording's id. */
function nameIn(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1, key.lastIndexOf("."));
}

function notCounted(neverListed: number, listedAgain: ReadonlyMap<Day, CallManifest>): string[] {
  const calls = [...listedAgain.values()].reduce((sum, { totals }) => sum + totals.records, 0);
  const more = "a request for each, and for every further 1,000 calls of a day";
  return [
    ...(neverListed > 0 ? [`Recordings of days that were never listed (${neverListed}): ${more}.`] : []),
    ...(listedAgain.size > 0
      ? [
          `New recordings of days that are listed again (${listedAgain.size}; calls when last listed: ${calls}): ${more}.`,
        ]
      : []),
  ];
}
