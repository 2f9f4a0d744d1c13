import { gunzipSync } from "node:zlib";
import type { AwsLab } from "../../lab/aws/server.ts";
import { CallManifest } from "../../shared/core/calls/call-manifest.ts";
import { dayInKey } from "../../shared/core/object-keys.ts";

/** A recording in the archive, in the terms of this harness. */
export interface StoredRecording {
  readonly id: string;
  readonly state: "stored" | "pending" | "given-up";
  /** Given up because RingCentral has deleted it, although it was seen in time. */
  readonly isLost: boolean;
  readonly attempts: readonly { readonly at: string; readonly reason: string }[];
  readonly object: { readonly key: string; readonly bytes: number; readonly sha256: string } | undefined;
}

/** A day in the archive. */
export interface StoredDay {
  readonly day: string;
  readonly isClosed: boolean;
  /** True if it lacks only recordings, or nothing. */
  readonly isListed: boolean;
  /** True if its newest listing lacks too much to be believed. */
  readonly isShrunk: boolean;
  /** True if it settled although no two listings agreed. */
  readonly isUnstable: boolean;
  /** Runs whose listings count. */
  readonly listings: number;
  readonly callsKey: string | undefined;
  readonly recordings: ReadonlyMap<string, StoredRecording>;
}

/** Reads every manifest of an archive bucket, without those that the storm has damaged; again only if its ETag has changed. */
export async function readStoredDays(aws: AwsLab, bucket: string): Promise<ReadonlyMap<string, StoredDay>> {
  const known = daysRead.get(aws) ?? new Map<string, StoredDay | undefined>();
  daysRead.set(aws, known);
  const days = new Map<string, StoredDay>();
  for await (const { key, etag } of aws.objects(bucket)) {
    if (!key.startsWith("manifests/")) continue;
    if (!known.has(etag)) known.set(etag, storedDay(JSON.parse((await aws.read(bucket, key)).toString())));
    const stored = known.get(etag);
    if (stored) days.set(dayInKey(key) ?? key, stored);
  }
  return days;
}

const daysRead = new WeakMap<AwsLab, Map<string, StoredDay | undefined>>();

/** Converts a manifest to the harness's terms; the only place that reads the manifest's fields. */
export function storedDay(json: unknown): StoredDay | undefined {
  const parsed = CallManifest.safeParse(json);
  if (!parsed.success) return undefined;
  const { day, status, openReasons, settled, listings, calls, recordings } = parsed.data;
  const entries = recordings.map(({ id, state, attempts: tried = [], object }): StoredRecording => {
    const attempts = tried.map(({ at, result, code = "" }) => ({ at, reason: `${result} ${code}`.trimEnd() }));
    const shownState = state === "stored" || state === "pending" ? state : "given-up";
    return { id, state: shownState, isLost: state === "lost", attempts, object };
  });
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return {
    day,
    isClosed: status === "closed",
    isListed: openReasons.every((reason) => reason === "recordings-pending"),
    isShrunk: openReasons.includes("listing-shrank"),
    isUnstable: settled === "unstable",
    listings: listings.length,
    callsKey: calls?.key,
    recordings: byId,
  };
}

/** Reads the ids of the records in a day's file, again only if its ETag has changed. */
export async function storedRecordIds(
  aws: AwsLab,
  bucket: string,
  day: StoredDay | undefined,
): Promise<ReadonlySet<string>> {
  const stored = day?.callsKey ? aws.describe(bucket, day.callsKey) : undefined;
  if (!day?.callsKey || !stored) return new Set();
  const read = idsRead.get(aws) ?? new Map<string, ReadonlySet<string>>();
  idsRead.set(aws, read);
  const ids = read.get(stored.etag) ?? idsIn(await aws.read(bucket, day.callsKey));
  read.set(stored.etag, ids);
  return ids;
}

const idsRead = new WeakMap<AwsLab, Map<string, ReadonlySet<string>>>();

function idsIn(bytes: Buffer): ReadonlySet<string> {
  try {
    const lines = gunzipSync(bytes).toString().split("\n").filter(Boolean);
    return new Set(lines.map((line) => (JSON.parse(line) as { id: string }).id));
  } catch {
    return new Set();
  }
}
