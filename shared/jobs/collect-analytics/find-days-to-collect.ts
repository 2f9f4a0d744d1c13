import type { Bucket } from "../../aws/bucket.ts";
import { type AnalyticsRules, dueDatasets, requiredDatasets } from "../../core/analytics/analytics-aggregate.ts";
import type { AnalyticsDayEvent, AnalyticsManifest } from "../../core/analytics/analytics-manifest.ts";
import type { AnalyticsGroup } from "../../core/analytics/analytics-names.ts";
import { type AnalyticsQuery, type Dataset, intervals } from "../../core/analytics/analytics-query.ts";
import { type DayDatasets, planQueries } from "../../core/analytics/query-plan.ts";
import { aggregateKeys, archiveKeys } from "../../core/object-keys.ts";
import { addDays, type Day, dayOf, daysBetween, laterDay } from "../../core/time/days.ts";
import type { JobError } from "../../errors.ts";
import { fetchAccount } from "../../ringcentral/endpoints/account.ts";
import { logIfStorageError } from "../../storage/day-index-file.ts";
import type { DayStore } from "../../storage/day-store.ts";
import { eachDay, type UnreadableDays, unreadableDays } from "../../storage/each-day.ts";
import { type AccountCaching, cacheAccount } from "../../wiring/cache-account.ts";
import { recallCachedAccount } from "../../wiring/recall-account.ts";
import { writeQueries } from "./queries.ts";
import type { CollectRequest } from "./request.ts";
import type { AnalyticsServices } from "./services.ts";

/** RingCentral returns analytics of the last 184 days. https://developers.ringcentral.com/guide/analytics */
const maxAgeMs = 184 * 24 * 3_600_000;

/** Returns the earliest day whose analytics RingCentral still returns completely. */
export function earliestAnalyticsDay(now: Date, timeZone: string): Day {
  return addDays(dayOf(new Date(now.getTime() - maxAgeMs), timeZone), 1);
}

/** The days of a run; stored as a step's result. */
export interface DaysToCollect {
  readonly account: string;
  /** Number of queries; the queries may be too large for a step's result. */
  readonly queries: number;
  readonly groups: readonly AnalyticsGroup[];
  /** Days of the queries, and days whose manifest is stale. */
  readonly days: readonly Day[];
  /** Days that are skipped, because their manifest cannot be read. */
  readonly unreadable: UnreadableDays;
}

/** Fetches and caches the account. @throws Pause; JobError API_… or CREDENTIAL_… */
export async function findAccount(services: AnalyticsServices): Promise<{ readonly account: string } & AccountCaching> {
  const { id } = await fetchAccount(services.client);
  return { account: id, ...(await cacheAccount(services, id)) };
}

/** Returns the account that an earlier run cached; null if the credential may belong to another account. */
export async function recallAccountId(
  services: AnalyticsServices,
  error: JobError | undefined,
): Promise<string | null> {
  return (await recallCachedAccount(services, error))?.id ?? null;
}

/**
 * Finds the datasets to collect: requested ones, those of the last 184 days never collected, and those that may still
 * change.
 */
export async function findDaysToCollect(
  services: AnalyticsServices,
  account: string,
  request: CollectRequest,
): Promise<DaysToCollect> {
  const now = services.now();
  const today = dayOf(now, services.timeZone);
  const store = services.dayStore(account);
  const { due, errors, staleDays } = await readDueDatasets({ ...services, store, now }, request);
  const queries = planRunQueries(due, request, { today, rules: services.rules });
  const days = [...new Set([...staleDays, ...queries.flatMap(({ from, to }) => daysBetween(from, to))])].sort();
  for (const [day, error] of errors) services.log.error("manifest reading failed", { day, ...error.toJSON() });
  services.log.info("days selected", { days: days.length, queries: queries.length });
  // Before the first query: if this run is killed, the next one reads these days again.
  // The run does without, and fails in the ledger step if the index still cannot be written.
  await store.saveIndex(days).catch(logIfStorageError(services.log));
  await writeQueries(services, account, queries);
  const groups = [...new Set(queries.map(({ group }) => group))];
  return { account, queries: queries.length, groups, days, unreadable: unreadableDays(errors) };
}

export interface DueDatasetsOptions {
  readonly archive: Bucket;
  readonly store: DayStore<AnalyticsManifest, AnalyticsDayEvent>;
  readonly now: Date;
  readonly timeZone: string;
  readonly archiveFrom: Day;
  readonly rules: AnalyticsRules;
}

/** What a run has to collect. */
export interface DueDatasets {
  /** By day, oldest first. */
  readonly due: readonly DayDatasets[];
  /** Days whose manifest lacks events, or that the settings have changed. */
  readonly staleDays: readonly Day[];
  /** Keys of each group in the last collections of open days. */
  readonly keysOf: ReadonlyMap<string, number>;
  /** Days that cannot be read. */
  readonly errors: ReadonlyMap<Day, JobError>;
}

/** Reads the due datasets of the requested days and of the last 184 days; skips closed days that are not requested. */
export async function readDueDatasets(options: DueDatasetsOptions, request: CollectRequest): Promise<DueDatasets> {
  const { archive, store, now, timeZone, archiveFrom, rules } = options;
  const { account } = store;
  const { begun, closed } = await store.list();
  const earliest = earliestAnalyticsDay(now, timeZone);
  const scheduled = daysBetween(laterDay(archiveFrom, earliest), dayOf(now, timeZone));
  const open = scheduled.filter((day) => !closed.has(day));
  const days = [...new Set([...request.days, ...open])];
  const due: DayDatasets[] = [];
  const staleDays: Day[] = [];
  const keysOf = new Map<string, number>();
  const all = requiredDatasets(rules);
  for (const day of days) if (!begun.has(day)) due.push({ day, due: all, neverCollected: all });
  const read = async (day: Day) => {
    const { stored, manifest } = await store.read(day);
    // A run was killed before it wrote the manifest, or the settings have changed.
    if (JSON.stringify(stored?.manifest) !== JSON.stringify(manifest)) staleDays.push(day);
    const changed = await findChangedDatasets(archive, account, manifest);
    for (const { group, keys } of manifest.datasets) keysOf.set(group, Math.max(keys, keysOf.get(group) ?? 0));
    const collected = new Set(manifest.datasets.filter(({ object }) => object).map(nameOfDataset));
    const dueNames = new Set(dueDatasets(manifest, rules).map(nameOfDataset));
    const isDue = (dataset: Dataset) => dueNames.has(nameOfDataset(dataset)) || changed.has(nameOfDataset(dataset));
    const neverCollected = all.filter((dataset) => !collected.has(nameOfDataset(dataset)));
    due.push({ day, due: all.filter(isDue), neverCollected });
  };
  const errors = await eachDay(
    days.filter((day) => begun.has(day)),
    read,
    // Control: a manifest that does not exist yet can be read unless S3 denies everything.
    () => archive.get(aggregateKeys.analytics.manifest(account, dayOf(now, timeZone))),
  );
  return { due: due.sort((a, b) => (a.day < b.day ? -1 : 1)), errors, staleDays, keysOf };
}

/** Returns the datasets whose stored object is not the manifest's: a run was killed before it wrote the event. */
async function findChangedDatasets(
  archive: Bucket,
  account: string,
  { day, datasets }: AnalyticsManifest,
): Promise<ReadonlySet<string>> {
  const collected = datasets.filter(({ object }) => object);
  if (collected.length === 0) return new Set();
  const etags = new Map<string, string>();
  for await (const { key, etag } of archive.list(archiveKeys.dayResponsesPrefix(account, day))) etags.set(key, etag);
  return new Set(collected.filter(({ object }) => object?.etag !== etags.get(object?.key ?? "")).map(nameOfDataset));
}

function nameOfDataset({ group, interval }: { readonly group: string; readonly interval: string }): string {
  return `${group} ${interval}`;
}

/** Plans the run's queries: requested days and groups first, even if collected; then those of a scheduled run. */
export function planRunQueries(
  due: readonly DayDatasets[],
  request: CollectRequest,
  { today, rules }: { readonly today: Day; readonly rules: AnalyticsRules },
): AnalyticsQuery[] {
  const recollectFrom = addDays(today, -rules.recollectDays);
  const requestedDays = new Set(request.days);
  const groups = new Set<AnalyticsGroup>(request.groups ?? rules.groups);
  const requestedDatasets = [...groups].flatMap((group) => intervals.map((interval) => ({ group, interval })));
  const isRequested = (day: Day, { group }: Dataset) => requestedDays.has(day) && groups.has(group);
  const requested = due
    .filter(({ day }) => requestedDays.has(day))
    .map(({ day, neverCollected }) => ({ day, due: requestedDatasets, neverCollected }));
  const rest = due.map(({ day, due, neverCollected }) => ({
    day,
    due: due.filter((dataset) => !isRequested(day, dataset)),
    neverCollected,
  }));
  return [...planQueries(requested, recollectFrom), ...planQueries(rest, recollectFrom)];
}
