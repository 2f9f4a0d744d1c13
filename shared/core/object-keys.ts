import { hash } from "node:crypto";
import type { AnalyticsQuery, Part } from "./analytics/analytics-query.ts";
import type { AudioExtension } from "./calls/audio-formats.ts";
import type { BookName } from "./day-aggregate.ts";
import type { TableName } from "./tables/table-schema.ts";
import { type Day, isDay } from "./time/days.ts";

/** S3 takes keys of 1,024 bytes (S3 user guide: object keys), and a key has up to three parts; as a file's name it fits, too. */
const longestPart = 200;

/**
 * Where everything lies. An id comes from outside: as a part of a key it can neither leave its folder nor be a dot, and one
 * that is empty, too long or no text is told by its hash; no other part has a "=".
 */
function keySegment(id: string): string {
  const text = encodeURIComponent(id.toWellFormed()).replaceAll(".", "%2E");
  const fits = id.isWellFormed() && text.length > 0 && text.length <= longestPart;
  return fits ? text : `sha256=${hash("sha256", Buffer.from(id, "utf16le"))}`;
}

const dated = (prefix: string, account: string, day: Day) => `${prefix}/account=${keySegment(account)}/date=${day}`;

/** Keys in the archive bucket. */
export const archiveKeys = {
  calls: (account: string, day: Day) => `${dated("calls", account, day)}/calls.jsonl.gz`,
  index: (account: string, day: Day) => `${dated("calls", account, day)}/index.csv`,
  recording: (account: string, day: Day, id: string, extension: AudioExtension) =>
    `${dated("recordings", account, day)}/${keySegment(id)}.${extension}`,
  recordings: (account: string, day: Day) => `${dated("recordings", account, day)}/`,
  allCalls: (account: string) => `calls/account=${keySegment(account)}/date=`,
  allRecordings: (account: string) => `recordings/account=${keySegment(account)}/date=`,
  closedMarker: (account: string, day: Day) => `${dated("closed", account, day)}.json`,
  /** Written when a day that was closed is opened, or closed, again: `revision` is its manifest's. */
  statusMarker: (account: string, day: Day, revision: number, mark: "open" | "closed") =>
    `${dated("closed", account, day)}.r${String(revision).padStart(6, "0")}-${mark}.json`,
  /** Answers on a part of a day, beside the requests that they were given to. */
  answers: (account: string, day: Day, { group, interval }: Part) =>
    `${dated("analytics/answers", account, day)}/${keySegment(group)}-${interval.toLowerCase()}.jsonl.gz`,
  allAnswers: (account: string) => `analytics/answers/account=${keySegment(account)}/date=`,
  markersPrefix: (account: string) => `closed/account=${keySegment(account)}/date=`,
  /** One account's stack has one set of tables; Athena finds a day by its folder's name. */
  table: (table: TableName, day: Day) => `tables/${table}/day=${day}/${table}.parquet`,
  tables: (table: TableName) => `tables/${table}/`,
} as const;

/** Keys of a book, which lies under `root`: manifests and ledger in the archive bucket, the rest in the state bucket. */
function keysOf(root: string) {
  return {
    manifest: (account: string, day: Day) => `${dated(`${root}manifests`, account, day)}.json`,
    manifests: (account: string) => `${root}manifests/account=${keySegment(account)}/date=`,
    /** Of the account's ledger, entry number `number`; in the order of their keys. */
    ledger: (account: string, number: number) =>
      `${root}ledger/account=${keySegment(account)}/${String(number).padStart(8, "0")}.json`,
    ledgerEntries: (account: string) => `${root}ledger/account=${keySegment(account)}/`,
    /** Says that a run was about to write this revision of a day's manifest; `sha256` is base64. */
    written: (account: string, day: Day, revision: number, sha256: string) =>
      `${dated(`${root}written`, account, day)}/${String(revision).padStart(6, "0")}-${base64url(sha256)}.json`,
    writtenOf: (account: string, day: Day) => `${dated(`${root}written`, account, day)}/`,
    allWritten: (account: string) => `${root}written/account=${keySegment(account)}/date=`,
    allOutcomes: (account: string) => `${root}outcomes/account=${keySegment(account)}/date=`,
    outcomes: (account: string, day: Day) => `${dated(`${root}outcomes`, account, day)}/`,
    outcomesOfRun: (account: string, day: Day, run: string) =>
      `${dated(`${root}outcomes`, account, day)}/${keySegment(run)}/`,
    outcome: (account: string, day: Day, run: string, name: string) =>
      `${dated(`${root}outcomes`, account, day)}/${keySegment(run)}/${keySegment(name)}.json.gz`,
  } as const;
}

/** Where each book's own objects lie. */
export const bookKeys = { calls: keysOf(""), analytics: keysOf("analytics/") } as const satisfies Record<
  BookName,
  ReturnType<typeof keysOf>
>;

/** What a run asks RingCentral for. */
export interface QueryLocation {
  readonly account: string;
  readonly run: string;
  readonly ask: AnalyticsQuery;
}

const fetching = (account: string) => `analytics/pages/account=${keySegment(account)}`;

function askOfRun({ run, ask: { group, interval, from, to, perPage } }: QueryLocation): string {
  return `${keySegment(run)}/${[group, interval, from, to, ...(perPage ? [perPage] : [])].join("-")}`;
}

/** Keys in the state bucket. */
export const stateKeys = {
  token: (name: string) => `tokens/${keySegment(name)}.json`,
  owner: (job: string) => `owners/${keySegment(job)}.json`,
  account: "accounts/account.json",
  recordingCounts: "accounts/automatic-recordings.json",
  listingPart: (account: string, day: Day, listing: string, listingPart: number) =>
    `${dated("pages", account, day)}/${keySegment(listing)}/${String(listingPart).padStart(6, "0")}.jsonl.gz`,
  /** What a run asks for. */
  analyticsAsks: (account: string, run: string) => `${fetching(account)}/asks/${keySegment(run)}.json.gz`,
  /** The answers to an ask; a note once all are there; and one once they are filed. */
  analyticsPages: (of: QueryLocation) => `${fetching(of.account)}/answers/${askOfRun(of)}/`,
  analyticsPage: (of: QueryLocation, listingPart: number) =>
    `${fetching(of.account)}/answers/${askOfRun(of)}/${String(listingPart).padStart(6, "0")}.json.gz`,
  analyticsFetched: (of: QueryLocation) => `${fetching(of.account)}/fetched/${askOfRun(of)}.json`,
  allAnalyticsFetched: (account: string) => `${fetching(account)}/fetched/`,
  allAnalyticsFiled: (account: string) => `${fetching(account)}/filed/`,
  /** Says that a run was about to write a day's calls so; `sha256` is base64. */
  dayFileIntent: (account: string, day: Day, sha256: string) =>
    `${dated("written", account, day)}/calls-${base64url(sha256)}.json`,
  buildIndex: "tables/built.json",
  plan: (run: string, day: Day) => `plans/${keySegment(run)}/${day}.json.gz`,
} as const;

/** What a key under `written/` says of a manifest: which revision of which day was about to be written. */
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
