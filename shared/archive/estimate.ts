import type { Bucket } from "../aws/bucket.ts";
import { callBook } from "../core/call-book.ts";
import type { DayMark } from "../core/closed-days.ts";
import { type Day, dayOf } from "../core/days.ts";
import { eachLimited } from "../core/each-limited.ts";
import { bookKeys } from "../core/object-keys.ts";
import { needsListing, type SettleRules } from "../core/settling.ts";
import { readAccountNote } from "../storage/account-note.ts";
import { readDayState } from "../storage/manifest-file.ts";
import { dayMarks, daysToArchive, daysUnder } from "./open-days.ts";
import type { ArchiveRequest } from "./request.ts";

export interface EstimateOptions {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly now: Date;
  readonly timeZone: string;
  readonly archiveFrom: Day;
  readonly rules: SettleRules;
}

/** What a run would do, from what S3 knows already; recordings of days never listed are not in it. */
export interface Estimate {
  readonly days: number;
  readonly firstDay: Day | undefined;
  readonly lastDay: Day | undefined;
  /** Days of which nothing is known yet: each may name any number of recordings. */
  readonly daysNeverListed: number;
  readonly recordingsPending: number;
  /** Heavy requests at RingCentral, and the minutes that they take at its limit. */
  readonly requests: number;
  readonly minutes: number;
}

/** RingCentral's default for the Heavy group (guide: rate limits). */
const defaultHeavyPerMinute = 10;
const recordsPerPage = 1000;
const readsAtOnce = 16;

export async function estimateArchive(options: EstimateOptions, request: ArchiveRequest): Promise<Estimate> {
  const { archive, state, now, timeZone, rules } = options;
  const book = callBook(rules);
  const note = await readAccountNote(state);
  const account = note?.id;
  const marks = account ? await dayMarks(archive, account) : new Map<Day, DayMark>();
  const isOpen = (day: Day) => marks.get(day) !== "closed";
  const asked = request.relist ? request.days : request.days.filter(isOpen);
  const all = daysToArchive(options.archiveFrom, dayOf(now, timeZone)).filter(isOpen);
  const days = [...new Set([...asked, ...all])].sort();
  const known = account ? await daysUnder(archive, bookKeys.calls.manifests(account)) : new Set<Day>();

  let pages = days.filter((day) => !known.has(day)).length;
  let pending = 0;
  await eachLimited(
    days.filter((day) => known.has(day)),
    readsAtOnce,
    async (day) => {
      const { manifest } = await readDayState({ archive, state, account: account ?? "", timeZone, book }, day);
      pending += manifest.totals.pending;
      if (asked.includes(day) || needsListing(manifest, rules))
        pages += Math.floor(manifest.totals.records / recordsPerPage) + 1;
    },
  );
  const requests = pages + pending;
  return {
    days: days.length,
    firstDay: days[0],
    lastDay: days.at(-1),
    daysNeverListed: days.filter((day) => !known.has(day)).length,
    recordingsPending: pending,
    requests,
    minutes: Math.ceil(requests / (note?.heavyPerMinute ?? defaultHeavyPerMinute)),
  };
}
