import { hash } from "node:crypto";
import type { AnalyticsQuery, Part } from "./analytics/analytics-query.ts";
import type { AudioExtension } from "./calls/audio-formats.ts";
import type { AggregateName } from "./day-aggregate.ts";
import type { TableName } from "./tables/table-schema.ts";
import { type Day, isDay } from "./time/days.ts";

/** S3 takes keys of 1,024 bytes (S3 user guide: object keys), and a key has up to three parts; as a file's name it fits, too. */
const maxSegmentLength = 200;

/**
 * Where everything lies. An id comes from outside: as a part of a key it can neither leave its folder nor be a dot, and one
 * that is empty, too long or no text is told by its hash; no other part has a "=".
 */
function keySegment(id: string): string {
  const text = encodeURIComponent(id.toWellFormed()).replaceAll(".", "%2E");
  const fits = id.isWellFormed() && text.length > 0 && text.length <= maxSegmentLength;
  return fits ? text : `sha256=${hash("sha256", Buffer.from(id, "utf16le"))}`;
}

const dated = (prefix: string, account: string, day: Day) => `${prefix}/account=${keySegment(account)}/date=${day}`;

/** Keys in the archive bucket. */
export const archiveKeys = {
  calls: (account: string, day: Day) => `${dated("calls", account, day)}/calls.jsonl.gz`,
  csv: (account: string, day: Day) => `${dated("calls", account, day)}/calls.csv`,
  recording: (account: string, day: Day, id: string, extension: AudioExtension) =>
    `${dated("recordings", account, day)}/${keySegment(id)}.${extension}`,
  dayRecordingsPrefix: (account: string, day: Day) => `${dated("recordings", account, day)}/`,
  callsPrefix: (account: string) => `calls/account=${keySegment(account)}/date=`,
  recordingsPrefix: (account: string) => `recordings/account=${keySegment(account)}/date=`,
  closedMarker: (account: string, day: Day) => `${dated("closed", account, day)}.json`,
  /** Written when a day that was closed is opened, or closed, again: `revision` is its manifest's. */
  statusMarker: (account: string, day: Day, revision: number, mark: "open" | "closed") =>
    `${dated("closed", account, day)}.r${String(revision).padStart(6, "0")}-${mark}.json`,
  /** Answers on a part of a day, beside the requests that they were given to. */
  responses: (account: string, day: Day, { group, interval }: Part) =>
    `${dated("analytics/responses", account, day)}/${keySegment(group)}-${interval.toLowerCase()}.jsonl.gz`,
  responsesPrefix: (account: string) => `analytics/responses/account=${keySegment(account)}/date=`,
  markersPrefix: (account: string) => `closed/account=${keySegment(account)}/date=`,
  /** One account's stack has one set of tables; Athena finds a day by its folder's name. */
  table: (table: TableName, day: Day) => `tables/${table}/day=${day}/${table}.parquet`,
  tablePrefix: (table: TableName) => `tables/${table}/`,
} as const;

/** Keys of a aggregate, which lies under `root`: manifests and ledger in the archive bucket, the rest in the state bucket. */
function keysOf(root: string) {
  return {
    manifest: (account: string, day: Day) => `${dated(`${root}manifests`, account, day)}.json`,
    manifestsPrefix: (account: string) => `${root}manifests/account=${keySegment(account)}/date=`,
    /** Of the account's ledger, entry number `number`; in the order of their keys. */
    ledgerEntry: (account: string, number: number) =>
      `${root}ledger/account=${keySegment(account)}/${String(number).padStart(8, "0")}.json`,
    ledgerPrefix: (account: string) => `${root}ledger/account=${keySegment(account)}/`,
    /** Says that a run was about to write this revision of a day's manifest; `sha256` is base64. */
    intent: (account: string, day: Day, revision: number, sha256: string) =>
      `${dated(`${root}intents`, account, day)}/${String(revision).padStart(6, "0")}-${base64url(sha256)}.json`,
    dayIntentsPrefix: (account: string, day: Day) => `${dated(`${root}intents`, account, day)}/`,
    intentsPrefix: (account: string) => `${root}intents/account=${keySegment(account)}/date=`,
    eventsPrefix: (account: string) => `${root}events/account=${keySegment(account)}/date=`,
    dayEventsPrefix: (account: string, day: Day) => `${dated(`${root}events`, account, day)}/`,
    runEventsPrefix: (account: string, day: Day, run: string) =>
      `${dated(`${root}events`, account, day)}/${keySegment(run)}/`,
    eventFile: (account: string, day: Day, run: string, name: string) =>
      `${dated(`${root}events`, account, day)}/${keySegment(run)}/${keySegment(name)}.json.gz`,
  } as const;
}

/** Where each aggregate's own objects lie. */
export const aggregateKeys = { calls: keysOf(""), analytics: keysOf("analytics/") } as const satisfies Record<
  AggregateName,
  ReturnType<typeof keysOf>
>;

/** What a run asks RingCentral for. */
export interface QueryLocation {
  readonly account: string;
  readonly run: string;
  readonly query: AnalyticsQuery;
}

const queriesRoot = (account: string) => `analytics/queries/account=${keySegment(account)}`;

function queryOfRun({ run, query: { group, interval, from, to, perPage } }: QueryLocation): string {
  return `${keySegment(run)}/${[group, interval, from, to, ...(perPage ? [perPage] : [])].join("-")}`;
}

/** Keys in the state bucket. */
export const stateKeys = {
  token: (name: string) => `tokens/${keySegment(name)}.json`,
  owner: (job: string) => `owners/${keySegment(job)}.json`,
  account: "accounts/account.json",
  automaticRecordings: "accounts/automatic-recordings.json",
  listingPart: (account: string, day: Day, listing: string, part: number) =>
    `${dated("listings", account, day)}/${keySegment(listing)}/${String(part).padStart(6, "0")}.jsonl.gz`,
  /** What a run asks for. */
  plannedQueries: (account: string, run: string) => `${queriesRoot(account)}/planned/${keySegment(run)}.json.gz`,
  /** The answers to an ask; a note once all are there; and one once they are filed. */
  responsePagesPrefix: (of: QueryLocation) => `${queriesRoot(of.account)}/responses/${queryOfRun(of)}/`,
  responsePage: (of: QueryLocation, page: number) =>
    `${queriesRoot(of.account)}/responses/${queryOfRun(of)}/${String(page).padStart(6, "0")}.json.gz`,
  fetchedQuery: (of: QueryLocation) => `${queriesRoot(of.account)}/fetched/${queryOfRun(of)}.json`,
  fetchedQueriesPrefix: (account: string) => `${queriesRoot(account)}/fetched/`,
  storedQueriesPrefix: (account: string) => `${queriesRoot(account)}/stored/`,
  /** Says that a run was about to write a day's calls so; `sha256` is base64. */
  dayFileIntent: (account: string, day: Day, sha256: string) =>
    `${dated("intents", account, day)}/calls-${base64url(sha256)}.json`,
  buildIndex: "tables/built.json",
  plan: (run: string, day: Day) => `plans/${keySegment(run)}/${day}.json.gz`,
} as const;

/** What a key under `intents/` says of a manifest: which revision of which day was about to be written. */
export interface WriteIntent {
  readonly day: Day;
  readonly revision: number;
  /** Base64. */
  readonly sha256: string;
}

export function parseIntentKey(key: string): WriteIntent | undefined {
  const [, day, revision, sha256] = /date=(\d{4}-\d{2}-\d{2})\/(\d+)-([\w-]{43})\.json$/.exec(key) ?? [];
  if (day === undefined || revision === undefined || sha256 === undefined) return undefined;
  return { day, revision: Number(revision), sha256: `${sha256.replaceAll("-", "+").replaceAll("_", "/")}=` };
}

/** Base64 that can stand in a key. */
function base64url(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The day that a key under `prefix…date=` is about, or undefined. */
export function dayInKey(key: string): Day | undefined {
  const day = /date=(\d{4}-\d{2}-\d{2})(?:\.|\/)/.exec(key)?.[1];
  return day !== undefined && isDay(day) ? day : undefined;
}
