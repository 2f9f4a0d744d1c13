import { toBody } from "../../aws/bucket.ts";
import { MetricName } from "../../contract.ts";
import type { CallManifest } from "../../core/calls/call-manifest.ts";
import { callsCsv } from "../../core/calls/calls-csv.ts";
import type { MarkerStatus } from "../../core/calls/closed-markers.ts";
import { dayStanding } from "../../core/calls/gauges.ts";
import { archiveKeys } from "../../core/object-keys.ts";
import type { ObjectRef } from "../../core/object-ref.ts";
import type { Day } from "../../core/time/days.ts";
import type { Items } from "../../runtime/items.ts";
import { lostRace } from "../../storage/lost-race.ts";
import { type DayState, readDayState, writeManifest } from "../../storage/manifest-file.ts";
import { inPieces } from "../../storage/record-lines.ts";
import { maxTextInMemoryBytes, spool } from "../../storage/spool.ts";
import { readDayFile } from "./day-file.ts";
import type { DaysToArchive } from "./find-days-to-archive.ts";
import { openDayHint } from "./open-day-hint.ts";
import type { ArchiveServices } from "./services.ts";

const dayConcurrency = 8;
const longestRace = 5;

/** Every open day, whose manifest is brought up to what has happened; a day that is complete is closed. */
export function closeCallDays(s: ArchiveServices, { account, days, markers }: DaysToArchive): Items<Day> {
  return {
    concurrency: dayConcurrency,
    from: (place) => days.slice(place),
    nameOf: (day) => day,
    work: async (day, succeeded) => {
      await closeDay(s, account, day, markers[day]);
      succeeded();
    },
    reportFailure: async (day, { error }) => s.log.error("day not closed", { day, ...error.toJSON() }),
  };
}

async function closeDay(s: ArchiveServices, account: string, day: Day, mark: MarkerStatus | undefined): Promise<void> {
  let isTold = false;
  for (let tried = 0; tried < longestRace; tried++) {
    const state = await withOwnFile(s, await readDayState({ ...s, account }, day));
    if (state.manifest.listings.length === 0 && !state.manifest.failure) return;
    const manifest = { ...state.manifest, csv: await writeCallsCsv(s, state) };
    // Before it is written: told twice is better than never. After a lost answer nothing would look new any more.
    if (!isTold) publishLosses(s, manifest, state.stored?.manifest);
    isTold = true;
    const written = isChanged({ ...state, manifest })
      ? await writeManifest(s, { ...state, manifest }, { run: s.run.name, at: s.now() })
      : { sha256: toBody(state.stored?.body ?? "").sha256, revision: manifest.revision };
    if (!written) continue;
    if (mark !== manifest.status) await writeMark(s, manifest, written, mark);
    return reportDay(s, { ...manifest, revision: written.revision });
  }
  throw lostRace(`The manifest of ${day}`);
}

/** Facts and what follows from them; not when and by whom they were last written. */
function isChanged({ stored, manifest }: DayState<CallManifest>): boolean {
  return stored === undefined || JSON.stringify(stored.manifest) !== JSON.stringify(manifest);
}

/** Writes the day as a CSV file for people, only if its content has changed. */
async function writeCallsCsv(
  s: ArchiveServices,
  { stored, manifest }: DayState<CallManifest>,
): Promise<ObjectRef | undefined> {
  const unchanged = stored && sameContent(stored.manifest, manifest);
  if (!manifest.calls || unchanged) return manifest.csv;
  const records = readDayFile(s.archive, manifest.calls.key);
  const rows = callsCsv(records, manifest.recordings, manifest.timeZone, manifest.vanished);
  const body = await spool(inPieces(rows), { maxInMemoryBytes: maxTextInMemoryBytes });
  try {
    if (body.sha256 === manifest.csv?.sha256) return manifest.csv;
    const key = archiveKeys.csv(manifest.account, manifest.day);
    const etag = await s.archive.put(key, body, "text/csv; charset=utf-8");
    return { key, bytes: body.bytes, sha256: body.sha256, etag };
  } finally {
    await body.discard();
  }
}

function sameContent(a: CallManifest, b: CallManifest): boolean {
  const shown = ({ calls, recordings, vanished }: CallManifest) =>
    JSON.stringify([calls?.sha256, recordings, vanished]);
  return shown(a) === shown(b);
}

/** Written once, each: a LIST of these tells which days need nothing more. */
async function writeMark(
  s: ArchiveServices,
  { account, day, status, totals }: CallManifest,
  { sha256, revision }: { readonly sha256: string; readonly revision: number },
  before: MarkerStatus | undefined,
): Promise<void> {
  // A day that was never closed is open without a marker.
  if (before === undefined && status === "open") return;
  const key = before
    ? archiveKeys.statusMarker(account, day, revision, status)
    : archiveKeys.closedMarker(account, day);
  const marker = { day, status, at: s.now().toISOString(), run: s.run.name, manifest: sha256, totals };
  const created = await s.archive.create(key, toBody(`${JSON.stringify(marker, null, 1)}\n`), "application/json");
  if (created && status === "closed") s.metrics.add(MetricName.daysClosed);
}

/** Another run may have written the day's file after the listing that counts: then what it holds has to be listed again. */
async function withOwnFile(
  s: ArchiveServices,
  { stored, manifest }: DayState<CallManifest>,
): Promise<DayState<CallManifest>> {
  const facts = await s.archive.head(archiveKeys.calls(manifest.account, manifest.day));
  if (facts?.etag === manifest.calls?.etag) return { stored, manifest };
  const failure = { run: s.run.name, at: s.now().toISOString(), code: "DAY_FILE_CHANGED" };
  return { stored, manifest: s.aggregate.reduce(manifest, [{ type: "listing-failed", failure }]) };
}

/** Rings for what has become of the day since its manifest was last written; published at once, whatever happens next. */
function publishLosses(
  s: ArchiveServices,
  { day, settled, totals }: CallManifest,
  before: CallManifest | undefined,
): void {
  const lost = totals.lost - (before?.totals.lost ?? 0);
  const isUnstable = settled === "unstable" && before?.settled !== "unstable";
  if (isUnstable) s.metrics.add(MetricName.daysUnstable);
  if (lost > 0) {
    s.metrics.add(MetricName.recordingsLost, lost);
    s.log.error("recordings lost", { day, lost });
  }
  if (isUnstable || lost > 0) s.metrics.publish();
}

/** Counts how the day stands, and says what to do about one that stays open. */
function reportDay(s: ArchiveServices, manifest: CallManifest): void {
  const { day, status, openReasons, totals } = manifest;
  if (status === "open") s.metrics.add(MetricName.daysOpen);
  if (openReasons.includes("listing-shrank")) s.metrics.add(MetricName.daysShrunk);
  s.metrics.add(MetricName.recordingsPending, totals.pending);
  const { openNights } = dayStanding(manifest, s.now());
  const ifOpen = status === "open" && { openNights, hint: openDayHint(manifest) };
  s.log.info("day status", { day, status, openReasons, ...ifOpen, ...totals });
}
