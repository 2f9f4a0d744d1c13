import { hash } from "node:crypto";
import type { AnalyticsQuery, Dataset } from "./analytics/analytics-query.ts";
import type { AudioExtension } from "./calls/audio-formats.ts";
import { type AggregateName, aggregates } from "./day-aggregate.ts";
import type { TableName } from "./tables/table-schema.ts";
import { type Day, isDay } from "./time/days.ts";

/**
 * S3 keys have at most 1,024 bytes and ours up to three segments.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
const maxSegmentLength = 200;

/**
 * Encodes an id as a key segment without "/" and ".", so that it cannot leave its folder. Ids that are empty, too long
 * or malformed become their hash, `sha256=…`; no other segment contains "=".
 */
function keySegment(id: string): string {
  const encoded = encodeURIComponent(id.toWellFormed()).replaceAll(".", "%2E");
  const fits = id.isWellFormed() && encoded.length > 0 && encoded.length <= maxSegmentLength;
  return fits ? encoded : `sha256=${hash("sha256", Buffer.from(id, "utf16le"))}`;
}

/** Returns the id in a key segment; undefined if the segment is not encoded as ours are. */
export function idInSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

const dayPath = (prefix: string, account: string, day: Day) => `${prefix}/account=${keySegment(account)}/date=${day}`;

/** Keys in the archive bucket. */
export const archiveKeys = {
  calls: (account: string, day: Day) => `${dayPath("calls", account, day)}/calls.jsonl.gz`,
  csv: (account: string, day: Day) => `${dayPath("calls", account, day)}/calls.csv`,
  recording: (account: string, day: Day, id: string, extension: AudioExtension) =>
    `${dayPath("recordings", account, day)}/${keySegment(id)}.${extension}`,
  dayRecordingsPrefix: (account: string, day: Day) => `${dayPath("recordings", account, day)}/`,
  callsPrefix: (account: string) => `calls/account=${keySegment(account)}/date=`,
  recordingsPrefix: (account: string) => `recordings/account=${keySegment(account)}/date=`,
  /** Responses for one dataset of a day, each with its request. */
  responses: (account: string, day: Day, { group, interval }: Dataset) =>
    `${dayPath("analytics/responses", account, day)}/${keySegment(group)}-${interval.toLowerCase()}.jsonl.gz`,
  dayResponsesPrefix: (account: string, day: Day) => `${dayPath("analytics/responses", account, day)}/`,
  responsesPrefix: (account: string) => `analytics/responses/account=${keySegment(account)}/date=`,
} as const;

/** Keys of an aggregate under `root`: manifests and ledger in the archive bucket, the others in the state bucket. */
function keysOf(root: string) {
  return {
    manifest: (account: string, day: Day) => `${dayPath(`${root}manifests`, account, day)}.json`,
    manifestsPrefix: (account: string) => `${root}manifests/account=${keySegment(account)}/date=`,
    /** Keys sort by `number`. */
    ledgerEntry: (account: string, number: number) =>
      `${root}ledger/account=${keySegment(account)}/${String(number).padStart(8, "0")}.json`,
    ledgerPrefix: (account: string) => `${root}ledger/account=${keySegment(account)}/`,
    /** Write intent for a revision of a day's manifest; `sha256` is base64. */
    intent: (account: string, day: Day, revision: number, sha256: string) =>
      `${dayPath(`${root}intents`, account, day)}/${String(revision).padStart(6, "0")}-${base64url(sha256)}.json`,
    dayIntentsPrefix: (account: string, day: Day) => `${dayPath(`${root}intents`, account, day)}/`,
    dayIndex: (account: string) => `${root}index/account=${keySegment(account)}.json.gz`,
    eventsPrefix: (account: string) => `${root}events/account=${keySegment(account)}/date=`,
    dayEventsPrefix: (account: string, day: Day) => `${dayPath(`${root}events`, account, day)}/`,
    eventFile: (account: string, day: Day, run: string, name: string) =>
      `${dayPath(`${root}events`, account, day)}/${keySegment(run)}/${keySegment(name)}.json.gz`,
  } as const;
}

/** Prefixes of the manifests and ledgers of all accounts. */
export const evidencePrefixes: readonly string[] = Object.values(aggregates).flatMap(({ root }) => [
  `${root}manifests/`,
  `${root}ledger/`,
]);

/** Keys of manifests, ledgers, events and intents, the same for every aggregate below their prefixes. */
export const aggregateKeys = Object.fromEntries(
  Object.entries(aggregates).map(([name, { root }]) => [name, keysOf(root)]),
) as Readonly<Record<AggregateName, ReturnType<typeof keysOf>>>;

/** Identifies a run's analytics query. */
export interface QueryLocation {
  readonly account: string;
  readonly run: string;
  readonly query: AnalyticsQuery;
}

const queriesRoot = (account: string) => `analytics/queries/account=${keySegment(account)}`;

/** Returns the part of a key that names a query of a run. */
export function queryName({ group, interval, from, to, perPage }: AnalyticsQuery): string {
  return [group, interval, from, to, ...(perPage ? [perPage] : [])].join("-");
}

/** Keys in the state bucket. */
export const stateKeys = {
  token: (name: string) => `tokens/${keySegment(name)}.json`,
  owner: (job: string) => `owners/${keySegment(job)}.json`,
  account: "accounts/account.json",
  pause: (job: string) => `pauses/${keySegment(job)}.json`,
  /** Report of a run of `check-access`. */
  accessReport: (run: string) => `access/runs/${keySegment(run)}.json`,
  newestAccessReport: "access/newest.json",
  /** An object that `check-access` writes again and again, to see that it can. */
  accessProbe: "access/probe.json",
  listingPart: (account: string, day: Day, listing: string, part: number) =>
    `${dayPath("listings", account, day)}/${keySegment(listing)}/${String(part).padStart(6, "0")}.jsonl.gz`,
  /** Queries that a run planned. */
  plannedQueries: (account: string, run: string) => `${queriesRoot(account)}/planned/${keySegment(run)}.json.gz`,
  plannedQueriesPrefix: (account: string) => `${queriesRoot(account)}/planned/`,
  responsePage: ({ account, run, query }: QueryLocation, page: number) =>
    `${queriesRoot(account)}/responses/${keySegment(run)}/${queryName(query)}/${String(page).padStart(6, "0")}.json.gz`,
  /** Response pages of all queries of a run. */
  responsePagesPrefix: (account: string, run: string) => `${queriesRoot(account)}/responses/${keySegment(run)}/`,
  /** Written when the datasets of a fetched query are stored, or have failed. */
  storedQuery: ({ account, run, query }: QueryLocation) =>
    `${queriesRoot(account)}/stored/${keySegment(run)}/${queryName(query)}.json`,
  storedQueriesPrefix: (account: string, run: string) => `${queriesRoot(account)}/stored/${keySegment(run)}/`,
  /** Written when nothing that a run has fetched is left to store. */
  storedRun: (account: string, run: string) => `${queriesRoot(account)}/stored-runs/${keySegment(run)}.json`,
  storedRunsPrefix: (account: string) => `${queriesRoot(account)}/stored-runs/`,
  /** Write intent for a day file; `sha256` is base64. */
  dayFileIntent: (account: string, day: Day, sha256: string) =>
    `${dayPath("intents", account, day)}/calls-${base64url(sha256)}.json`,
  plan: (run: string, day: Day) => `plans/${keySegment(run)}/${day}.json.gz`,
} as const;

/** Keys in the derived bucket. */
export const derivedKeys = {
  /** Tables have no account in their key: a stack has one account. Athena finds a day by its folder. */
  table: (table: TableName, day: Day) => `tables/${table}/day=${day}/${table}.parquet`,
  tablePrefix: (table: TableName) => `tables/${table}/`,
  /** Beside the tables, not among them: who may read it need not read tables. Whoever empties the bucket empties both. */
  tablesBuildIndex: "built/tables.json",
  /** A day's figures, from which its pages are written. */
  figures: (day: Day) => `figures/day=${day}.json.gz`,
  page: (file: string) => `pages/${file}`,
  pagesBuildIndex: "built/pages.json.gz",
} as const;

/** The revision of a day's manifest that a run was about to write. */
export interface WriteIntent {
  readonly day: Day;
  readonly revision: number;
  /** Base64. */
  readonly sha256: string;
}

/** Returns the write intent in a key; undefined if the key is another's. */
export function parseIntentKey(key: string): WriteIntent | undefined {
  const [, day, revision, sha256] = /date=(\d{4}-\d{2}-\d{2})\/(\d+)-([\w-]{43})\.json$/.exec(key) ?? [];
  if (day === undefined || revision === undefined || sha256 === undefined) return undefined;
  return { day, revision: Number(revision), sha256: `${sha256.replaceAll("-", "+").replaceAll("_", "/")}=` };
}

function base64url(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Returns the day in a key with `date=<day>`; undefined if there is none. */
export function dayInKey(key: string): Day | undefined {
  const day = /date=(\d{4}-\d{2}-\d{2})(?:\.|\/)/.exec(key)?.[1];
  return day !== undefined && isDay(day) ? day : undefined;
}
