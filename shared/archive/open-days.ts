import type { Bucket } from "../aws/bucket.ts";
import { type DayMark, marksIn } from "../core/closed-days.ts";
import { addDays, type Day, dayOf, daysBetween } from "../core/days.ts";
import { eachLimited } from "../core/each-limited.ts";
import type { Manifest } from "../core/manifest.ts";
import { archiveKeys, dayInKey, stateKeys } from "../core/object-keys.ts";
import { isSettled } from "../core/reduce-manifest.ts";
import { readAccount, readRecordingRetention } from "../ringcentral/account.ts";
import { noteAccount } from "./account-note.ts";
import { readDayState } from "./manifest-file.ts";
import type { ArchiveRequest } from "./request.ts";
import type { ArchiveServices } from "./services.ts";

/** What a run works on; kept as a step's result. */
export interface OpenDays {
  readonly account: string;
  readonly retentionDays: number;
  /** The days whose call log is to be listed, in the order of listing. */
  readonly list: readonly Day[];
  /** Every day that is not closed, or was asked for; oldest first. */
  readonly open: readonly Day[];
  /** The days that were asked for. */
  readonly first: readonly Day[];
  /** Of the open days, those that have been closed before, and how their last marker leaves them. */
  readonly marks: Readonly<Record<Day, DayMark>>;
}

/** RingCentral lists calls of the last 9 to 12 months (data retention); days before that cannot be had. */
export const longestLookBackDays = 400;
const readsAtOnce = 16;

/** Finds the days to work on: those asked for, and every day since `archiveFrom` that has ended and is not closed. */
export async function openDays(s: ArchiveServices, request: ArchiveRequest): Promise<OpenDays> {
  const { id: account, timeZone } = await readAccount(s.client);
  const { days: retentionDays, assumed } = await readRecordingRetention(s.client);
  if (assumed)
    s.log.warn("RingCentral does not say how long it keeps recordings; its default is taken", { retentionDays });
  if (timeZone !== undefined && timeZone !== s.timeZone) {
    s.log.warn("RingCentral's time zone is another than the settings'", {
      ringcentral: timeZone,
      settings: s.timeZone,
    });
  }
  await noteAccount(s.state, { id: account });

  const marks = await dayMarks(s.archive, account);
  const isOpen = (day: Day) => marks.get(day) !== "closed";
  const first = request.relist ? request.days : request.days.filter(isOpen);
  const begun = await begunDays(s, account);
  const days = [...daysToArchive(s.archiveFrom, dayOf(s.now(), s.timeZone)), ...begun].filter(isOpen);
  const open = [...new Set([...first, ...days])].sort();

  const manifests = new Map<Day, Manifest>();
  const known = open.filter((day) => begun.has(day));
  await eachLimited(known, readsAtOnce, async (day) => {
    manifests.set(day, (await readDayState({ ...s, account }, day)).manifest);
  });
  const asked = new Set(first);
  const due = open.filter((day) => asked.has(day) || isListingDue(manifests.get(day), s));
  const list = [...due].sort((a, b) => Number(asked.has(b)) - Number(asked.has(a)) || (a < b ? 1 : -1));
  s.log.info("days opened", { open: open.length, list: list.length, closed: marks.size });
  const marked = open.flatMap((day) => (marks.has(day) ? [[day, marks.get(day)]] : []));
  return { account, retentionDays, list, open, first, marks: Object.fromEntries(marked) };
}

/** Every day that has ended since `archiveFrom`, as far back as RingCentral lists. */
export function daysToArchive(archiveFrom: Day, today: Day): Day[] {
  const earliest = addDays(today, -longestLookBackDays);
  return daysBetween(archiveFrom > earliest ? archiveFrom : earliest, today);
}

/** How days stand that have been closed at some time. */
export async function dayMarks(archive: Bucket, account: string): Promise<Map<Day, DayMark>> {
  const keys: string[] = [];
  for await (const { key } of archive.list(archiveKeys.closedDays(account))) keys.push(key);
  return marksIn(keys);
}

/** A day that has settled is listed again only on request, and one listed just now not so soon. */
function isListingDue(manifest: Manifest | undefined, { rules, now }: ArchiveServices): boolean {
  const last = manifest?.listings.at(-1);
  if (!manifest || !last) return true;
  return !isSettled(manifest, rules) && now().getTime() - Date.parse(last.at) >= rules.listingGapMs;
}

/** The days of which something is known already, be it within the span to archive or not. */
async function begunDays(s: ArchiveServices, account: string): Promise<Set<Day>> {
  const written = await daysUnder(s.archive, archiveKeys.manifests(account));
  const touched = await daysUnder(s.state, stateKeys.allOutcomes(account));
  return new Set([...written, ...touched]);
}

/** The days that keys under `prefix` are about. */
export async function daysUnder(bucket: Bucket, prefix: string): Promise<Set<Day>> {
  const days = new Set<Day>();
  for await (const { key } of bucket.list(prefix)) {
    const day = dayInKey(key);
    if (day) days.add(day);
  }
  return days;
}
