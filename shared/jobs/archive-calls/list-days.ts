import { toBody } from "../../aws/bucket.ts";
import { MetricName } from "../../contract.ts";
import type { CallDayEvent } from "../../core/calls/call-manifest.ts";
import type { CallRecord } from "../../core/calls/call-record.ts";
import { archiveKeys, stateKeys } from "../../core/object-keys.ts";
import { type Day, type Span, spanOf } from "../../core/time/days.ts";
import { callLogUrl, fetchCallLogPage } from "../../ringcentral/endpoints/call-log.ts";
import type { ItemFailure, Items } from "../../runtime/items.ts";
import { type CachedAccount, findCachedAccount, tryUpdateCachedAccount } from "../../storage/cached-account.ts";
import { appendEvents } from "../../storage/day-events.ts";
import { undefinedIfOfOneObject } from "../../storage/each-day.ts";
import { readDayState } from "../../storage/manifest-file.ts";
import { type DayFileIntents, mergeIntoDayFile } from "./day-file.ts";
import type { DaysToArchive } from "./find-days-to-archive.ts";
import { createPageSizes, type PageSizes } from "./page-sizes.ts";
import type { ArchiveServices } from "./services.ts";
import { walkCallLog } from "./walk-call-log.ts";

const dayConcurrency = 4;

/** The days to list. Of a day that cannot be listed its manifest says why; the day stays open and is listed again next night. */
export async function listDays(s: ArchiveServices, days: DaysToArchive): Promise<Items<Day>> {
  const { account, toList, requested, acceptShrunk, settledDay } = days;
  const accepted = new Set(acceptShrunk ? requested : []);
  const sizes = createPageSizes(s.run.name, (await findCachedAccount(s.state, account))?.recordBytes);
  const note = (hints: Partial<CachedAccount>) =>
    noteHints(s.state, { id: account, ...hints }, (error) => s.log.warn("account caching failed", error.toJSON()));
  return {
    concurrency: dayConcurrency,
    from: (place) => toList.slice(place),
    nameOf: (day) => day,
    work: (day, succeeded) => listDay(s, { account, day, accepted: accepted.has(day), sizes, succeeded }),
    reportFailure: (day, failure) => appendListingFailure(s, account, day, failure),
    control: (done) => {
      const listed = settledDay ?? done;
      return listed === undefined ? undefined : readOneRecord(s, listed);
    },
    save: async () => {
      const recordBytes = sizes.takeChange();
      if (recordBytes) await note({ recordBytes });
    },
    end: async () => {
      const budget = s.client.gate("heavy").rateLimit();
      if (budget) await note({ heavyPerMinute: (budget.limit * 60_000) / budget.windowMs });
    },
  };
}

interface DayToList {
  readonly account: string;
  readonly day: Day;
  /** Whether records may be missing from this listing. */
  readonly accepted: boolean;
  readonly sizes: PageSizes;
  readonly succeeded: () => void;
}

/** One complete walk of a day's call log, into the day's file; what it found is written down for the manifest. */
async function listDay(s: ArchiveServices, { account, day, accepted, sizes, succeeded }: DayToList): Promise<void> {
  const walk = await walkCallLog(s, { account, day, sizes, succeeded });
  try {
    const span = spanOf(day, s.timeZone);
    const ofDay = walk.parts.map(
      ({ records }) =>
        () =>
          onlyOfDay(records(), span),
    );
    const notes = dayFileIntents(s, account, day);
    const { file, facts } = await mergeIntoDayFile(s.archive, archiveKeys.calls(account, day), { parts: ofDay, notes });
    const listing = { run: s.run.name, at: walk.at, ...facts.listing, ...(accepted && { accepted }) };
    const event: CallDayEvent = {
      type: "listed",
      listing,
      calls: file,
      counts: facts.counts,
      recordings: [...facts.named],
    };
    await appendEvents(s, { account, day, name: "listing" }, [event]);
    s.metrics.add(MetricName.daysListed);
    const { records: calls, recordings, missing } = facts.listing;
    s.log.info("day listed", { day, calls, recordings, missing });
  } finally {
    await walk.discard();
  }
}

/** One record of a day that was listed before: whether RingCentral lists calls at all. */
async function readOneRecord(s: ArchiveServices, day: Day): Promise<void> {
  await fetchCallLogPage(s.client, callLogUrl(s.client.server, spanOf(day, s.timeZone), 1));
}

/** Notes in the state bucket; should it be lost, the manifest tells. */
export function dayFileIntents(s: ArchiveServices, account: string, day: Day): DayFileIntents {
  return {
    isOurs: async (sha256) => {
      if (await s.state.head(stateKeys.dayFileIntent(account, day, sha256))) return true;
      return (await readDayState({ ...s, account }, day)).manifest.calls?.sha256 === sha256;
    },
    writeIntent: async (sha256) => {
      const note = toBody(JSON.stringify({ day, sha256, run: s.run.name }));
      await s.state.put(stateKeys.dayFileIntent(account, day, sha256), note, "application/json");
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

async function appendListingFailure(
  s: ArchiveServices,
  account: string,
  day: Day,
  { error, othersSucceeded }: ItemFailure,
): Promise<void> {
  const at = s.now().toISOString();
  const failure = { run: s.run.name, at, code: error.code, ...(othersSucceeded && { othersSucceeded: true }) };
  s.log.error("day listing failed", { day, ...error.toJSON() });
  await appendEvents(s, { account, day, name: "listing" }, [{ type: "listing-failed", failure }]).catch(
    undefinedIfOfOneObject,
  );
}
