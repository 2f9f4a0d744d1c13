import { bytesBody } from "../aws/bucket.ts";
import { Metric } from "../contract.ts";
import type { CallRecord } from "../core/call-record.ts";
import { type Day, type Span, spanOf } from "../core/days.ts";
import { inOrder } from "../core/in-order.ts";
import type { ManifestEvent } from "../core/manifest.ts";
import { archiveKeys, stateKeys } from "../core/object-keys.ts";
import { type ErrorCode, JobError } from "../errors.ts";
import { noteAccount } from "../storage/account-note.ts";
import { readDayState } from "../storage/manifest-file.ts";
import { writeOutcome } from "../storage/outcomes.ts";
import { type DayFileNotes, mergeIntoDayFile } from "./day-file.ts";
import type { OpenDays } from "./open-days.ts";
import type { ArchiveServices } from "./services.ts";
import { walkCallLog } from "./walk-call-log.ts";

const daysAtOnce = 4;

/** Faults of one day's own, by which no other day need suffer. */
const ownFaults: readonly ErrorCode[] = [
  "API_INVALID",
  "API_NOT_FOUND",
  "API_UNEXPECTED",
  "HOST_NOT_ALLOWED",
  "STORAGE_UNEXPECTED",
];

/** Lists days, several at once; yields how many of them are listed, stored and written down. */
export async function* listDays(s: ArchiveServices, days: OpenDays, from = 0): AsyncGenerator<number> {
  const { account, list, first, acceptShrunk } = days;
  const accepted = new Set(acceptShrunk ? first : []);
  yield* inOrder(list.slice(from), { from, width: daysAtOnce }, async (day) => {
    try {
      await listDay(s, account, day, accepted.has(day));
    } catch (error) {
      if (!(error instanceof JobError) || !ownFaults.includes(error.code)) throw error;
      await noteFailure(s, account, day, error);
    }
  });
  const budget = s.client.gate("heavy").budget();
  if (budget) await noteAccount(s.state, { id: account, heavyPerMinute: (budget.limit * 60_000) / budget.windowMs });
}

/** One complete walk of a day's call log, into the day's file; what it found is written down for the manifest. */
async function listDay(s: ArchiveServices, account: string, day: Day, accepted: boolean): Promise<void> {
  const walk = await walkCallLog(s, account, day);
  try {
    const span = spanOf(day, s.timeZone);
    const ofDay = walk.parts.map(
      ({ records }) =>
        () =>
          onlyOfDay(records(), span),
    );
    const notes = dayFileNotes(s, account, day);
    const { file, facts } = await mergeIntoDayFile(s.archive, archiveKeys.calls(account, day), { parts: ofDay, notes });
    const listing = { run: s.run.name, at: walk.at, ...facts.listing, ...(accepted && { accepted }) };
    const event: ManifestEvent = { is: "listed", listing, calls: file, counts: facts.counts, named: [...facts.named] };
    await writeOutcome(s, { account, day, name: "listing" }, [event]);
    s.metrics.add(Metric.daysListed);
    const { records: calls, recordings, missing } = facts.listing;
    s.log.info("day listed", { day, calls, recordings, missing });
  } finally {
    await walk.discard();
  }
}

/** Notes in the state bucket; should it be lost, the manifest tells. */
export function dayFileNotes(s: ArchiveServices, account: string, day: Day): DayFileNotes {
  return {
    isOwn: async (sha256) => {
      if (await s.state.head(stateKeys.writtenCalls(account, day, sha256))) return true;
      return (await readDayState({ ...s, account }, day)).manifest.calls?.sha256 === sha256;
    },
    note: async (sha256) => {
      const note = bytesBody(JSON.stringify({ day, sha256, run: s.run.name }));
      await s.state.put(stateKeys.writtenCalls(account, day, sha256), note, "application/json");
    },
  };
}

/** RingCentral's bounds are inclusive, a day's are half-open; a record that does not say when it began stays where it was listed. */
async function* onlyOfDay(records: AsyncIterable<CallRecord>, { from, to }: Span): AsyncGenerator<CallRecord> {
  for await (const record of records) {
    const start = Date.parse(record.fields.startTime);
    if (Number.isNaN(start) || (from.getTime() <= start && start < to.getTime())) yield record;
  }
}

/** The day stays open and says why; the run goes on with the others, and fails in the end. */
async function noteFailure(s: ArchiveServices, account: string, day: Day, error: JobError): Promise<void> {
  const failure = { run: s.run.name, at: s.now().toISOString(), code: error.code };
  await writeOutcome(s, { account, day, name: "listing" }, [{ is: "not-listed", failure }]);
  s.log.error("a day could not be listed", { day, ...error.toJSON() });
}
