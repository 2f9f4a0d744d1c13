import type { CallManifest } from "../../core/calls/call-manifest.ts";
import { callsCsv } from "../../core/calls/calls-csv.ts";
import { dayStanding } from "../../core/calls/gauges.ts";
import { archiveKeys } from "../../core/object-keys.ts";
import type { ObjectRef } from "../../core/object-ref.ts";
import type { Day } from "../../core/time/days.ts";
import type { Items } from "../../runtime/items.ts";
import { inPieces } from "../../storage/record-lines.ts";
import { maxTextInMemoryBytes, spool } from "../../storage/spool.ts";
import { readDayFile } from "./day-file.ts";
import type { DaysToArchive } from "./find-days-to-archive.ts";
import { ArchiveMetric } from "./metrics.ts";
import { openDayHint } from "./open-day-hint.ts";
import type { ArchiveServices } from "./services.ts";

const dayConcurrency = 8;

/** Closes days: updates the manifest of each open day with its events, and closes complete days. */
export function closeCallDays(services: ArchiveServices, { account, days }: DaysToArchive): Items<Day> {
  return {
    concurrency: dayConcurrency,
    from: (place) => days.slice(place),
    nameOf: (day) => day,
    work: async (day, succeeded) => {
      await closeDay(services, account, day);
      succeeded();
    },
    reportFailure: async (day, { error }) => services.log.error("day not closed", { day, ...error.toJSON() }),
  };
}

async function closeDay(services: ArchiveServices, account: string, day: Day): Promise<void> {
  let arePublished = false;
  const committed = await services.dayStore(account).commit(day, async ({ stored, manifest: unchecked }) => {
    const manifest = await withFileCheck(services, unchecked);
    if (manifest.listings.length === 0 && !manifest.failure) return undefined;
    const csv = await writeCallsCsv(services, stored?.manifest, manifest);
    // Before the write: a loss counted twice is better than never.
    if (!arePublished) publishLosses(services, manifest, stored?.manifest);
    arePublished = true;
    return { ...manifest, csv };
  });
  if (!committed) return;
  const { manifest, previous, isWritten } = committed;
  if (isWritten && manifest.status === "closed" && previous?.status !== "closed")
    services.metrics.add(ArchiveMetric.daysClosed);
  reportDay(services, manifest);
}

/** Writes the day's CSV file if its content has changed, and returns its reference. */
async function writeCallsCsv(
  { archive }: Pick<ArchiveServices, "archive">,
  stored: CallManifest | undefined,
  manifest: CallManifest,
): Promise<ObjectRef | undefined> {
  const isUnchanged = stored && sameContent(stored, manifest);
  if (!manifest.calls || isUnchanged) return manifest.csv;
  const records = readDayFile(archive, manifest.calls.key);
  const rows = callsCsv(records, manifest.recordings, manifest.timeZone, manifest.vanished);
  const body = await spool(inPieces(rows), { maxInMemoryBytes: maxTextInMemoryBytes });
  try {
    if (body.sha256 === manifest.csv?.sha256) return manifest.csv;
    const key = archiveKeys.csv(manifest.account, manifest.day);
    const etag = await archive.put(key, body, "text/csv; charset=utf-8");
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

/**
 * Adds a listing failure if another run has written the day file since the listing, so that the day is listed again.
 */
async function withFileCheck(services: ArchiveServices, manifest: CallManifest): Promise<CallManifest> {
  const file = await services.archive.head(archiveKeys.calls(manifest.account, manifest.day));
  if (file?.etag === manifest.calls?.etag) return manifest;
  const failure = { run: services.run.name, at: services.now().toISOString(), code: "DAY_FILE_CHANGED" };
  return services.aggregate.reduce(manifest, [{ type: "listing-failed", failure }]);
}

/** Publishes new losses and instability since the manifest was last written, at once, even if a later step fails. */
function publishLosses(
  { log, metrics }: Pick<ArchiveServices, "log" | "metrics">,
  { day, settled, totals }: CallManifest,
  previous: CallManifest | undefined,
): void {
  const lost = totals.lost - (previous?.totals.lost ?? 0);
  const isUnstable = settled === "unstable" && previous?.settled !== "unstable";
  if (isUnstable) metrics.add(ArchiveMetric.daysUnstable);
  if (lost > 0) {
    metrics.add(ArchiveMetric.recordingsLost, lost);
    log.error("recordings lost", { day, lost });
  }
  if (isUnstable || lost > 0) metrics.publish();
}

/** Logs and counts the day's status, with a hint if it stays open. */
function reportDay(
  { log, metrics, now }: Pick<ArchiveServices, "log" | "metrics" | "now">,
  manifest: CallManifest,
): void {
  const { day, status, settled, openReasons, totals } = manifest;
  if (status === "open") metrics.add(ArchiveMetric.daysOpen);
  metrics.add(ArchiveMetric.recordingsPending, totals.pending);
  const { openNights } = dayStanding(manifest, now());
  const ifOpen = status === "open" && { openNights, hint: openDayHint(manifest) };
  log.info("day status", { day, status, settled, openReasons, ...ifOpen, ...totals });
}
