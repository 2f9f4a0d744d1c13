import type { Bucket } from "../../aws/bucket.ts";
import {
  type AnalyticsAggregate,
  type AnalyticsRules,
  dueDatasets,
  requiredDatasets,
} from "../../core/analytics/analytics-aggregate.ts";
import type { AnalyticsGroup } from "../../core/analytics/analytics-names.ts";
import { type AnalyticsQuery, type Dataset, intervals } from "../../core/analytics/analytics-query.ts";
import { type DayDatasets, planQueries } from "../../core/analytics/query-plan.ts";
import { aggregateKeys, archiveKeys, dayInKey } from "../../core/object-keys.ts";
import { addDays, type Day, dayOf, daysBetween } from "../../core/time/days.ts";
import type { JobError } from "../../errors.ts";
import { fetchAccount } from "../../ringcentral/endpoints/account.ts";
import { eachDay, type UnreadableDays, unreadableDays } from "../../storage/each-day.ts";
import { readDayState } from "../../storage/manifest-file.ts";
import { type AccountCaching, cacheAccount } from "../../wiring/cache-account.ts";
import { recallCachedAccount } from "../../wiring/recall-account.ts";
import { writeQueries } from "./queries.ts";
import type { CollectRequest } from "./request.ts";
import type { AnalyticsServices } from "./services.ts";

/** RingCentral answers for so long back from now (guide: Business Analytics). */
const maxAgeMs = 184 * 24 * 3_600_000;

/** The first day that RingCentral still answers for from its beginning. */
export function earliestAnalyticsDay(now: Date, timeZone: string): Day {
  return addDays(dayOf(new Date(now.getTime() - maxAgeMs), timeZone), 1);
}

/** What a run works on; kept as a step's result. */
export interface DaysToCollect {
  readonly account: string;
  /** How much there is to ask RingCentral for; a run's asks may be too many for a step's result. */
  readonly queries: number;
  readonly groups: readonly AnalyticsGroup[];
  /** The days that are concerned. */
  readonly days: readonly Day[];
  /** A manifest that could not be read is its day's own misfortune: the others are collected. */
  readonly unreadable: UnreadableDays;
}

/** Asks RingCentral whose analytics these are, and notes it, if S3 will have the note. @throws JobError API_…, CREDENTIAL_… */
export async function findAccount(services: AnalyticsServices): Promise<{ readonly account: string } & AccountCaching> {
  const { id } = await fetchAccount(services.client);
  return { account: id, ...(await cacheAccount(services, id)) };
}

/** What an earlier run was told; null where the credential may belong to another account. */
export async function recallAccountId(
  services: AnalyticsServices,
  error: JobError | undefined,
): Promise<string | null> {
  return (await recallCachedAccount(services, error))?.id ?? null;
}

/** Finds what has to be collected: parts of the last 184 days, since `archiveFrom`, that never were, those that may still change, and what a person asks for. */
export async function findDaysToCollect(
  services: AnalyticsServices,
  account: string,
  request: CollectRequest,
): Promise<DaysToCollect> {
  const now = services.now();
  const today = dayOf(now, services.timeZone);
  const { due, errors, staleDays } = await readDueDatasets({ ...services, account, now }, request);
  const queries = planRunQueries(due, request, { today, rules: services.rules });
  const days = [...new Set([...staleDays, ...queries.flatMap(({ from, to }) => daysBetween(from, to))])].sort();
  for (const [day, error] of errors) services.log.error("manifest reading failed", { day, ...error.toJSON() });
  services.log.info("days selected", { days: days.length, queries: queries.length });
  await writeQueries(services, account, queries);
  const groups = [...new Set(queries.map(({ group }) => group))];
  return { account, queries: queries.length, groups, days, unreadable: unreadableDays(errors) };
}

export interface DueDatasetsOptions {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly account: string;
  readonly now: Date;
  readonly timeZone: string;
  readonly archiveFrom: Day;
  readonly aggregate: AnalyticsAggregate;
  readonly rules: AnalyticsRules;
}

/** What of each day is due, which manifests are behind what has happened, and how many keys each group was last seen to have. */
export async function readDueDatasets(options: DueDatasetsOptions, request: CollectRequest) {
  const { archive, state, account, now, timeZone, archiveFrom, rules } = options;
  const { manifestsPrefix, eventsPrefix } = aggregateKeys.analytics;
  const begun = new Set<Day>();
  for await (const { key } of archive.list(manifestsPrefix(account))) begun.add(dayInKey(key) ?? "");
  for await (const { key } of state.list(eventsPrefix(account))) begun.add(dayInKey(key) ?? "");
  const there = new Map<string, string>();
  for await (const { key, etag } of archive.list(archiveKeys.responsesPrefix(account))) there.set(key, etag);
  const earliest = earliestAnalyticsDay(now, timeZone);
  const usual = daysBetween(archiveFrom > earliest ? archiveFrom : earliest, dayOf(now, timeZone));
  const days = [...new Set([...request.days, ...usual])].sort();
  const due: DayDatasets[] = [];
  const staleDays: Day[] = [];
  const keysOf = new Map<string, number>();
  const all = requiredDatasets(rules);
  for (const day of days) if (!begun.has(day)) due.push({ day, due: all, neverCollected: all });
  const read = async (day: Day) => {
    const { stored, manifest } = await readDayState(options, day);
    // A run was killed before it noted what it had collected, or the settings have changed.
    if (JSON.stringify(stored?.manifest) !== JSON.stringify(manifest)) staleDays.push(day);
    const has = ({ group, interval }: Dataset) =>
      manifest.datasets.some((entry) => entry.group === group && entry.interval === interval && entry.object);
    for (const { group, keys } of manifest.datasets) keysOf.set(group, Math.max(keys, keysOf.get(group) ?? 0));
    // Where something else lies than the manifest names: a run was killed before it could write down what it had stored.
    const isAsNamed = ({ group, interval }: Dataset) =>
      manifest.datasets.every((entry) => {
        const isOther = entry.group !== group || entry.interval !== interval;
        return isOther || !entry.object || there.get(entry.object.key) === entry.object.etag;
      });
    const usuallyDue = new Set(dueDatasets(manifest, rules).map(nameOfPart));
    const partsOfDay = all.filter((part) => usuallyDue.has(nameOfPart(part)) || !isAsNamed(part));
    due.push({ day, due: partsOfDay, neverCollected: all.filter((part) => !has(part)) });
  };
  const errors = await eachDay(
    days.filter((day) => begun.has(day)),
    read,
    // Where no manifest lies yet: that can be read unless S3 refuses all.
    () => archive.get(aggregateKeys.analytics.manifest(account, dayOf(now, timeZone))),
  );
  return { due: due.sort((a, b) => (a.day < b.day ? -1 : 1)), errors, staleDays, keysOf };
}

function nameOfPart({ group, interval }: Dataset): string {
  return `${group} ${interval}`;
}

/** A person's days and groups first, whatever is known of them; then what any night would ask for. */
export function planRunQueries(
  due: readonly DayDatasets[],
  request: CollectRequest,
  { today, rules }: { readonly today: Day; readonly rules: AnalyticsRules },
): AnalyticsQuery[] {
  const recollectFrom = addDays(today, -rules.recollectDays);
  const asked = new Set(request.days);
  const groups = new Set<AnalyticsGroup>(request.groups ?? rules.groups);
  const wanted = [...groups].flatMap((group) => intervals.map((interval) => ({ group, interval })));
  const isAsked = (day: Day, { group }: Dataset) => asked.has(day) && groups.has(group);
  const first = due
    .filter(({ day }) => asked.has(day))
    .map(({ day, neverCollected }) => ({ day, due: wanted, neverCollected }));
  const rest = due.map(({ day, due, neverCollected }) => ({
    day,
    due: due.filter((part) => !isAsked(day, part)),
    neverCollected,
  }));
  return [...planQueries(first, recollectFrom), ...planQueries(rest, recollectFrom)];
}
