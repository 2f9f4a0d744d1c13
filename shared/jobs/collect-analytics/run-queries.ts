import * as z from "zod/mini";
import { type Bucket, toBody } from "../../aws/bucket.ts";
import { groups } from "../../core/analytics/analytics-names.ts";
import { type AnalyticsQuery, intervals } from "../../core/analytics/analytics-query.ts";
import { DateField } from "../../core/fields.ts";
import { idInSegment, queryName, stateKeys } from "../../core/object-keys.ts";
import { undefinedIfOfOneObject } from "../../storage/each-day.ts";

/** What the state bucket has of a run's queries. */
export interface RunQueries {
  readonly run: string;
  /** Queries with at least one response page, in the order of their keys. */
  readonly begun: readonly AnalyticsQuery[];
  /** Returns when each response page of a query was written, by number. */
  readonly pagesOf: (query: AnalyticsQuery) => ReadonlyMap<number, Date>;
  /** True if the query's datasets are stored, or have failed. */
  readonly isStored: (query: AnalyticsQuery) => boolean;
  /** @throws STORAGE_FAILED */
  readonly markStored: (query: AnalyticsQuery) => Promise<void>;
}

const noPages: ReadonlyMap<number, Date> = new Map();

/** Lists a run's response pages, and which of its queries are stored. @throws STORAGE_FAILED */
export async function listRunQueries(state: Bucket, account: string, run: string): Promise<RunQueries> {
  const queries = new Map<string, AnalyticsQuery>();
  const pages = new Map<string, Map<number, Date>>();
  const pagesPrefix = stateKeys.responsePagesPrefix(account, run);
  for await (const { key, lastModified } of state.list(pagesPrefix)) {
    const [, name = "", page] = /^([\w-]+)\/(\d{6,})\.json\.gz$/.exec(key.slice(pagesPrefix.length)) ?? [];
    const query = parseQueryName(name);
    if (!query) continue;
    queries.set(name, query);
    const known = pages.get(name) ?? new Map<number, Date>();
    pages.set(name, known.set(Number(page), lastModified));
  }
  const storedPrefix = stateKeys.storedQueriesPrefix(account, run);
  const stored = new Set<string>();
  for await (const { key } of state.list(storedPrefix)) stored.add(key.slice(storedPrefix.length, -".json".length));
  return {
    run,
    begun: [...queries.values()],
    pagesOf: (query) => pages.get(queryName(query)) ?? noPages,
    isStored: (query) => stored.has(queryName(query)),
    markStored: async (query) => {
      await state.put(stateKeys.storedQuery({ account, run, query }), toBody("{}"), "application/json");
      stored.add(queryName(query));
    },
  };
}

/** Returns the runs of the last 30 days that may have fetched what is not stored. @throws STORAGE_FAILED */
export async function listUnstoredRuns(state: Bucket, account: string): Promise<readonly string[]> {
  const storedRuns = new Set(await runsUnder(state, stateKeys.storedRunsPrefix(account)));
  const planned = await runsUnder(state, stateKeys.plannedQueriesPrefix(account));
  return planned.filter((run) => !storedRuns.has(run));
}

/** Notes that nothing which the run has fetched is left to store. If S3 denies it, the next run looks again. */
export async function markRunStored(state: Bucket, account: string, run: string): Promise<void> {
  await state.put(stateKeys.storedRun(account, run), toBody("{}"), "application/json").catch(undefinedIfOfOneObject);
}

/** Returns the queries that ended runs began to fetch and have not stored; the next run starts with them. */
export async function readUnstoredQueries(state: Bucket, account: string): Promise<readonly AnalyticsQuery[]> {
  const unstored: AnalyticsQuery[] = [];
  for (const run of await listUnstoredRuns(state, account)) {
    const { begun, isStored } = await listRunQueries(state, account, run);
    unstored.push(...begun.filter((query) => !isStored(query)));
  }
  return unstored;
}

/** Returns the runs with a file `<run>.…` under `prefix`; skips other objects. */
async function runsUnder(state: Bucket, prefix: string): Promise<string[]> {
  const runs: string[] = [];
  for await (const { key } of state.list(prefix)) {
    const segment = /^([^/.]+)\.json(?:\.gz)?$/.exec(key.slice(prefix.length))?.[1];
    const run = segment && idInSegment(segment);
    if (run) runs.push(run);
  }
  return runs;
}

const QueryInName = z.object({
  group: z.enum(groups),
  interval: z.enum(intervals),
  from: DateField,
  to: DateField,
});

/** Returns the query that `queryName` has named; undefined if it is another text. */
function parseQueryName(name: string): AnalyticsQuery | undefined {
  const [, group, interval, from, to, perPage] =
    /^(\w+)-(\w+)-(\d{4}-\d\d-\d\d)-(\d{4}-\d\d-\d\d)(?:-([1-9]\d*))?$/.exec(name) ?? [];
  const query = QueryInName.safeParse({ group, interval, from, to });
  if (!query.success) return undefined;
  return perPage === undefined ? query.data : { ...query.data, perPage: Number(perPage) };
}
