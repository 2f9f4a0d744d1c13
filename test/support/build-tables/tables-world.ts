import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Bucket, toBody } from "../../../shared/aws/bucket.ts";
import { analyticsAggregate } from "../../../shared/core/analytics/analytics-aggregate.ts";
import type { AnalyticsManifest } from "../../../shared/core/analytics/analytics-manifest.ts";
import type { Dataset } from "../../../shared/core/analytics/analytics-query.ts";
import type { CallManifest, RecordingEntry } from "../../../shared/core/calls/call-manifest.ts";
import { emptyCallManifest } from "../../../shared/core/calls/reduce-call-manifest.ts";
import { aggregateKeys, archiveKeys } from "../../../shared/core/object-keys.ts";
import { spanOf } from "../../../shared/core/time/days.ts";
import { updateCachedAccount } from "../../../shared/storage/cached-account.ts";
import { memoryBucket } from "../storage/memory-bucket.ts";

export const account = "7";
export const newYork = "America/New_York";

/** Data of a day in the archive. */
export interface GivenDay {
  readonly day: string;
  /** Undefined: the day's calls were never listed. */
  readonly records?: readonly unknown[];
  readonly recordings?: readonly RecordingEntry[];
  readonly vanished?: readonly string[];
  /** Ids of records that the newest listing lacked. */
  readonly missing?: readonly string[];
  /** Responses of datasets; undefined: they were never collected. */
  readonly responses?: readonly GivenPart[];
  readonly timeZone?: string;
  /** False if only a failed listing is known. @default true */
  readonly isListed?: boolean;
}

/** Responses to the queries of one group, one a line. */
export interface GivenPart extends Dataset {
  readonly lines: readonly unknown[];
}

export interface TablesWorld {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly derived: Bucket;
  readonly give: (day: GivenDay) => Promise<void>;
}

/** Opens buckets with an account, and functions to store a day as the other jobs do. */
export async function openTablesWorld(
  buckets: Pick<TablesWorld, "archive" | "state" | "derived"> = memoryBuckets(),
): Promise<TablesWorld> {
  const { archive, state } = buckets;
  await updateCachedAccount(state, { id: account });
  return {
    ...buckets,
    give: async (given) => {
      if (given.records) await giveCalls(archive, given, given.records);
      if (given.responses) await giveResponses(archive, given, given.responses);
    },
  };
}

export function memoryBuckets() {
  return { archive: memoryBucket(), state: memoryBucket(), derived: memoryBucket() };
}

const at = "2026-11-04T08:30:00.000Z";
const listing = { run: "run", at, records: 1, recordings: 0, fingerprint: "", archived: 1, missing: 0 };

function listingMissing(missingIds: readonly string[], known: number) {
  return missingIds.length === 0
    ? listing
    : { ...listing, archived: known, missing: missingIds.length, missingIds: [...missingIds] };
}

async function giveCalls(archive: Bucket, given: GivenDay, records: readonly unknown[]): Promise<void> {
  const { day, timeZone = newYork, recordings = [], vanished = [], missing = [] } = given;
  const calls = records.length > 0 ? await putLines(archive, archiveKeys.calls(account, day), records) : undefined;
  const empty = emptyCallManifest(account, day, timeZone, spanOf(day, timeZone));
  const manifest: CallManifest = {
    ...empty,
    revision: 1,
    listings: given.isListed === false ? [] : [listingMissing(missing, records.length)],
    vanished: [...vanished],
    recordings: [...recordings],
    ...(calls && { calls }),
  };
  await archive.put(aggregateKeys.calls.manifest(account, day), toBody(JSON.stringify(manifest)), "application/json");
}

async function giveResponses(
  archive: Bucket,
  { day, timeZone = newYork }: GivenDay,
  responses: readonly GivenPart[],
): Promise<void> {
  const datasets: AnalyticsManifest["datasets"] = [];
  const known = { keys: 1, values: 1, collections: [] };
  for (const { lines, ...part } of responses) {
    datasets.push({
      ...known,
      ...part,
      object: await putLines(archive, archiveKeys.responses(account, day, part), lines),
    });
  }
  const aggregate = analyticsAggregate({ groups: [], recollectDays: 1 });
  const empty = aggregate.empty(account, day, timeZone, spanOf(day, timeZone));
  const neverCollected = { ...known, group: "Sites", interval: "Day" };
  const manifest = { ...empty, revision: 1, datasets: [...datasets, neverCollected] };
  await archive.put(
    aggregateKeys.analytics.manifest(account, day),
    toBody(JSON.stringify(manifest)),
    "application/json",
  );
}

async function putLines(archive: Bucket, key: string, lines: readonly unknown[]) {
  const body = toBody(gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join("")));
  const etag = await archive.put(key, body, "application/gzip");
  return { key, bytes: body.bytes, sha256: body.sha256, etag };
}

/** SHA-256 of every table, by key. */
export async function tablesIn(derived: Bucket): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for await (const { key } of derived.list("tables/")) found[key] = (await derived.head(key))?.sha256 ?? "";
  return found;
}

/** Writes the tables into a folder, with the keys of their bucket. */
export async function saveTables(derived: Bucket, dir: string): Promise<void> {
  for await (const { key } of derived.list("tables/")) {
    const path = join(dir, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, (await derived.get(key))?.body ?? "");
  }
}
