import { toBody } from "../../aws/bucket.ts";
import type { CallDayEvent } from "../../core/calls/call-manifest.ts";
import type { CallRecord } from "../../core/calls/call-record.ts";
import { archiveKeys, stateKeys } from "../../core/object-keys.ts";
import { type Day, type Span, spanOf } from "../../core/time/days.ts";
import { callLogUrl, fetchCallLogPage } from "../../ringcentral/endpoints/call-log.ts";
import type { ItemFailure, Items } from "../../runtime/items.ts";
import { type CachedAccount, findCachedAccount, tryUpdateCachedAccount } from "../../storage/cached-account.ts";
import { undefinedIfOfOneObject } from "../../storage/each-day.ts";
import { type DayFileIntents, mergeIntoDayFile } from "./day-file.ts";
import type { DaysToArchive } from "./find-days-to-archive.ts";
import { ArchiveMetric } from "./metrics.ts";
import { createPageSizes, type PageSizes } from "./page-sizes.ts";
import type { ArchiveServices } from "./services.ts";
import { walkCallLog } from "./walk-call-log.ts";

const dayConcurrency = 4;

/**
 * Lists the days that are due. If a listing fails, the manifest gets the error, and the day is listed again next night.
 */
export async function listDays(services: ArchiveServices, days: DaysToArchive): Promise<Items<Day>> {
  const { account, toList, requested, acceptShrunk, newestClosedDay } = days;
  const accepted = new Set(acceptShrunk ? requested : []);
  const sizes = createPageSizes(services.run.name, (await findCachedAccount(services.state, account))?.recordBytes);
  const cache = (fields: Partial<CachedAccount>) =>
    tryUpdateCachedAccount(services.state, { id: account, ...fields }, (error) =>
      services.log.warn("account caching failed", error.toJSON()),
    );
  return {
    concurrency: dayConcurrency,
    from: (place) => toList.slice(place),
    nameOf: (day) => day,
    work: (day, succeeded) => listDay(services, { account, day, accepted: accepted.has(day), sizes, succeeded }),
    reportFailure: (day, failure) => appendListingFailure(services, account, day, failure),
    control: (done) => {
      const listed = newestClosedDay ?? done;
      return listed === undefined ? undefined : fetchOneRecord(services, listed);
    },
    save: async () => {
      const recordBytes = sizes.takeChange();
      if (recordBytes) await cache({ recordBytes });
    },
    end: async () => {
      const rateLimit = services.client.gate("heavy").rateLimit();
      if (rateLimit) await cache({ heavyPerMinute: (rateLimit.limit * 60_000) / rateLimit.windowMs });
    },
  };
}

interface DayToList {
  readonly account: string;
  readonly day: Day;
  /** True if a shrunk listing is believed. */
  readonly accepted: boolean;
  readonly sizes: PageSizes;
  readonly succeeded: () => void;
}

/** Walks a day's call log completely, merges it into the day file, and writes the event for the manifest. */
async function listDay(
  services: ArchiveServices,
  { account, day, accepted, sizes, succeeded }: DayToList,
): Promise<void> {
  const walk = await walkCallLog(services, { account, day, sizes, succeeded });
  try {
    const span = spanOf(day, services.timeZone);
    const parts = walk.parts.map(
      ({ records }) =>
        () =>
          onlyOfDay(records(), span),
    );
    const intents = dayFileIntents(services, account, day);
    const { file, facts } = await mergeIntoDayFile(services.archive, archiveKeys.calls(account, day), {
      parts,
      intents,
    });
    const listing = { run: services.run.name, at: walk.at, ...facts.listing, ...(accepted && { accepted }) };
    const event: CallDayEvent = {
      type: "listed",
      listing,
      calls: file,
      counts: facts.counts,
      recordings: [...facts.references],
    };
    await services.dayStore(account).append(day, "listing", [event]);
    services.metrics.add(ArchiveMetric.daysListed);
    const { records: calls, recordings, missing } = facts.listing;
    services.log.info("day listed", { day, calls, recordings, missing });
  } finally {
    await walk.discard();
  }
}

/** Fetches one record of a day that was listed before, to test whether RingCentral lists calls at all. */
async function fetchOneRecord(
  { client, timeZone }: Pick<ArchiveServices, "client" | "timeZone">,
  day: Day,
): Promise<void> {
  await fetchCallLogPage(client, callLogUrl(client.server, spanOf(day, timeZone), 1));
}

/** Returns the write intents in the state bucket. If they are lost, the manifest shows which version a run wrote. */
export function dayFileIntents(
  { dayStore, run, state }: Pick<ArchiveServices, "dayStore" | "run" | "state">,
  account: string,
  day: Day,
): DayFileIntents {
  return {
    isOurs: async (sha256) => {
      if (await state.head(stateKeys.dayFileIntent(account, day, sha256))) return true;
      return (await dayStore(account).read(day)).manifest.calls?.sha256 === sha256;
    },
    writeIntent: async (sha256) => {
      const intent = toBody(JSON.stringify({ day, sha256, run: run.name }));
      await state.put(stateKeys.dayFileIntent(account, day, sha256), intent, "application/json");
    },
  };
}

/**
 * Yields the records that started on the day, because RingCentral's upper bound is inclusive. A record without a start
 * time is kept.
 */
async function* onlyOfDay(records: AsyncIterable<CallRecord>, { from, to }: Span): AsyncGenerator<CallRecord> {
  for await (const record of records) {
    const start = Date.parse(record.fields.startTime);
    if (Number.isNaN(start) || (from.getTime() <= start && start < to.getTime())) yield record;
  }
}

async function appendListingFailure(
  services: ArchiveServices,
  account: string,
  day: Day,
  { error, othersSucceeded }: ItemFailure,
): Promise<void> {
  const at = services.now().toISOString();
  const failure = { run: services.run.name, at, code: error.code, ...(othersSucceeded && { othersSucceeded: true }) };
  services.log.error("day listing failed", { day, ...error.toJSON() });
  const event: CallDayEvent = { type: "listing-failed", failure };
  await services.dayStore(account).append(day, "listing", [event]).catch(undefinedIfOfOneObject);
}
