import type { AnalyticsDayEvent } from "../../core/analytics/analytics-manifest.ts";
import { archiveKeys } from "../../core/object-keys.ts";
import type { ObjectRef } from "../../core/object-ref.ts";
import { type Day, daysBetween } from "../../core/time/days.ts";
import { JobError } from "../../errors.ts";
import { eachDay } from "../../storage/each-day.ts";
import { retryLostRace } from "../../storage/lost-race.ts";
import { createDayResponses, type DayResponses, pointsIn } from "./day-responses.ts";
import type { FetchedQuery, ResponsePage } from "./response-pages.ts";
import type { AnalyticsServices } from "./services.ts";

/**
 * Stores the responses to a query by day if they have changed, and appends the events for the manifests.
 * @throws JobError for a day that could not be stored, after all other days
 */
export async function storeDataset(
  services: AnalyticsServices,
  account: string,
  fetched: FetchedQuery,
  pages: AsyncIterable<ResponsePage>,
): Promise<void> {
  const append = await storeResponses(services, account, fetched, pages);
  await append();
}

/** Appends the events of a dataset's days. @throws JobError for a day that could not be stored, after all other days */
export type AppendEvents = () => Promise<void>;

/** Stores only the responses, and returns what appends their events, without the responses in memory. */
export async function storeResponses(
  services: AnalyticsServices,
  account: string,
  fetched: FetchedQuery,
  pages: AsyncIterable<ResponsePage>,
): Promise<AppendEvents> {
  const days = new Map(
    daysBetween(fetched.from, fetched.to).map((day) => [day, createDayResponses(day, services.timeZone)]),
  );
  try {
    await readInto([...days.values()], pages);
    const events = new Map<Day, AnalyticsDayEvent>();
    const errors = await eachDay(days.keys(), async (day) => {
      const responses = days.get(day);
      const event = responses && (await storeDay(services, account, { day, fetched, responses }));
      if (event) events.set(day, event);
    });
    return () => appendEvents(services.dayStore(account), fetched, { events, errors });
  } finally {
    for (const responses of days.values()) await responses.discard();
  }
}

interface StoredDays {
  readonly events: ReadonlyMap<Day, AnalyticsDayEvent>;
  /** Errors of the days whose responses are not stored. */
  readonly errors: ReadonlyMap<Day, JobError>;
}

async function appendEvents(
  { append }: ReturnType<AnalyticsServices["dayStore"]>,
  { group, interval, run }: FetchedQuery,
  { events, errors }: StoredDays,
): Promise<void> {
  const failed = await eachDay(events.keys(), async (day) => {
    const event = events.get(day);
    if (event) await append(day, `${group}-${interval}`, [event], run);
  });
  const [error] = [...errors.values(), ...failed.values()];
  if (error) throw error;
}

/**
 * Adds pages to their days.
 * @throws API_BAD_RESPONSE when keys were added or removed between pages, or points are outside the requested days
 */
async function readInto(days: readonly DayResponses[], pages: AsyncIterable<ResponsePage>): Promise<void> {
  const totals = new Set<unknown>();
  let outside = 0;
  for await (const page of pages) {
    totals.add(page.response.paging.totalElements);
    let kept = 0;
    for (const day of days) kept += await day.add(page, days.length === 1);
    if (days.length > 1) outside += pointsIn(page) - kept;
  }
  for (const day of days) await day.end();
  const keys = days[0]?.keys() ?? 0;
  const [expected] = totals;
  if (totals.size > 1 || (typeof expected === "number" && keys < expected)) throw pagesMoved(keys);
  if (outside > 0 && days.some((day) => day.facts().values === 0)) throw outsideDays(outside);
}

function pagesMoved(keys: number): JobError {
  return new JobError(
    "API_BAD_RESPONSE",
    `RingCentral's pages changed while they were fetched; they have ${keys} keys`,
    {
      hint: "No action: a user, queue or number was added or removed meanwhile, and the next run queries again.",
      details: { keys },
    },
  );
}

function outsideDays(outside: number): JobError {
  return new JobError(
    "API_BAD_RESPONSE",
    `${outside} points of RingCentral's response are outside the requested days`,
    {
      hint: "Open an issue with this message. Nothing of that response was stored.",
      details: { outside },
    },
  );
}

interface DayToStore {
  readonly day: Day;
  readonly fetched: FetchedQuery;
  readonly responses: DayResponses;
}

/** Returns the event of the stored responses; undefined if newer ones are stored. */
async function storeDay(
  services: AnalyticsServices,
  account: string,
  { day, fetched, responses }: DayToStore,
): Promise<AnalyticsDayEvent | undefined> {
  const { group, interval, at, run } = fetched;
  const { keys, values, fingerprint } = responses.facts();
  const { manifest } = await services.dayStore(account).read(day);
  const known = manifest.datasets.find((dataset) => dataset.group === group && dataset.interval === interval);
  const last = known?.collections.at(-1);
  // An earlier run fetched this; a newer collection is already stored.
  if (last && last.at > at) return undefined;
  const isKnown = last?.fingerprint === fingerprint;
  const object =
    (isKnown && (await ifUnchanged(services, known?.object))) ||
    (await store(services, account, { day, fetched, responses }));
  return { type: "collected", group, interval, collection: { run, at, fingerprint }, object, keys, values };
}

/** Returns the reference if its object is still stored unchanged. */
async function ifUnchanged({ archive }: AnalyticsServices, object: ObjectRef | undefined) {
  const stored = object && (await archive.head(object.key));
  return stored?.etag === object?.etag ? object : undefined;
}

/** Writes the object, over any stored one, even one of a run that was killed before it wrote its event. */
async function store(
  { archive }: AnalyticsServices,
  account: string,
  { day, fetched, responses }: DayToStore,
): Promise<ObjectRef> {
  const key = archiveKeys.responses(account, day, fetched);
  const body = responses.body();
  const attempt = async () => {
    const stored = await archive.head(key);
    const isSame = stored?.sha256 === body.sha256;
    const etag = isSame ? stored?.etag : await archive.replace(key, body, "application/gzip", stored?.etag);
    return etag === undefined ? undefined : { value: { key, bytes: body.bytes, sha256: body.sha256, etag } };
  };
  return retryLostRace(key, attempt, { key });
}
