import type { Bucket } from "../aws/bucket.ts";
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
}

/** RingCentral lists calls of the last 9 to 12 months (data retention); days before that cannot be had. */
export const longestLookBackDays = 400;
const readsAtOnce = 16;

/** Finds the days to work on: those asked for, and every day since `archiveFrom` that has ended and is not closed. */
export async function openDays(s: ArchiveServices, request: ArchiveRequest): Promise<OpenDays> {
  const { id: account, timeZone } = await readAccount(s.client);
  const { days: retentionDays } = await readRecordingRetention(s.client);
  if (timeZone !== undefined && timeZone !== s.timeZone) {
    s.log.warn("RingCentral's time zone is another than the settings'", {
      ringcentral: timeZone,
      settings: s.timeZone,
    });
  }
  await noteAccount(s.state, { id: account });

  const today = dayOf(s.now(), s.timeZone);
  const closed = await closedDays(s.archive, account);
  const first = request.relist ? request.days : request.days.filter((day) => !closed.has(day));
  const open = [
    ...new Set([...first, ...daysToArchive(s.archiveFrom, today).filter((day) => !closed.has(day))]),
  ].sort();

  const manifests = new Map<Day, Manifest>();
  await eachLimited(await begunDays(s, account, open), readsAtOnce, async (day) => {
    manifests.set(day, (await readDayState({ ...s, account }, day)).manifest);
  });
  const asked = new Set(first);
  const due = open.filter((day) => asked.has(day) || isListingDue(manifests.get(day), s));
  const list = [...due].sort((a, b) => Number(asked.has(b)) - Number(asked.has(a)) || (a < b ? 1 : -1));
  s.log.info("days opened", { open: open.length, list: list.length, closed: closed.size });
  return { account, retentionDays, list, open, first };
}

/** Every day that has ended since `archiveFrom`, as far back as RingCentral lists. */
export function daysToArchive(archiveFrom: Day, today: Day): Day[] {
  const earliest = addDays(today, -longestLookBackDays);
  return daysBetween(archiveFrom > earliest ? archiveFrom : earliest, today);
}

/** The days of which a LIST shows a closing marker. */
export async function closedDays(archive: Bucket, account: string): Promise<Set<Day>> {
  return daysUnder(archive, archiveKeys.closedDays(account));
}

/** A day that has settled is listed again only on request, and one listed just now not so soon. */
function isListingDue(manifest: Manifest | undefined, { rules, now }: ArchiveServices): boolean {
  const last = manifest?.listings.at(-1);
  if (!manifest || !last) return true;
  return !isSettled(manifest, rules) && now().getTime() - Date.parse(last.at) >= rules.listingGapMs;
}

/** Of `days`, those of which something is known already, so that the others need not be read. */
async function begunDays(s: ArchiveServices, account: string, days: readonly Day[]): Promise<Day[]> {
  const written = await daysUnder(s.archive, archiveKeys.manifests(account));
  const touched = await daysUnder(s.state, stateKeys.allOutcomes(account));
  return days.filter((day) => written.has(day) || touched.has(day));
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
