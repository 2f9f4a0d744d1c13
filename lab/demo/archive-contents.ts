import { gunzipSync } from "node:zlib";
import { toBody } from "../../shared/aws/bucket.ts";
import { CallManifest } from "../../shared/core/calls/call-manifest.ts";
import { LedgerEntry } from "../../shared/core/ledger.ts";
import type { AwsLab } from "../aws/server.ts";
import type { RingCentralLab } from "../ringcentral/server.ts";
import { archiveBucket } from "./cloud.ts";

/** Content of the archive bucket, without the time and the run of its writing. */
export interface ArchiveContents {
  /** Raw records by day. */
  readonly calls: Readonly<Record<string, readonly unknown[]>>;
  /** SHA-256 (base64, S3's own) and length of each recording, by id. */
  readonly recordings: Readonly<
    Record<string, { readonly sha256: string | undefined; readonly bytes: number; readonly key: string }>
  >;
  readonly manifests: Readonly<Record<string, CallManifest>>;
  readonly closed: readonly string[];
  /** SHA-256 of the day's stored files, by `<day> calls` and `<day> csv`. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly index: Readonly<Record<string, string>>;
  /** Keys of immutable objects that were written more than once. */
  readonly writtenTwice: readonly string[];
  readonly ledger: readonly LedgerEntry[];
  readonly other: readonly string[];
}

export async function readArchive({ aws }: { readonly aws: AwsLab }, bucket = archiveBucket): Promise<ArchiveContents> {
  const calls: Record<string, unknown[]> = {};
  const recordings: Record<string, { sha256: string | undefined; bytes: number; key: string }> = {};
  const manifests: Record<string, CallManifest> = {};
  const index: Record<string, string> = {};
  const closed: string[] = [];
  const hashes: Record<string, string> = {};
  const writtenTwice: string[] = [];
  const ledger: LedgerEntry[] = [];
  const other: string[] = [];
  for await (const { key, size, sha256, versions } of aws.objects(bucket)) {
    const day = /date=(\d{4}-\d{2}-\d{2})/.exec(key)?.[1] ?? "";
    const body = () => aws.read(bucket, key);
    if (key.startsWith("calls/"))
      hashes[`${day} ${key.endsWith(".csv") ? "csv" : "calls"}`] = toBody(await body()).sha256;
    if (key.endsWith("calls.jsonl.gz")) calls[day] = jsonLines(gunzipSync(await body()).toString());
    else if (key.startsWith("recordings/")) {
      const id = /([^/]+)\.\w+$/.exec(key)?.[1] ?? "";
      recordings[id] = { sha256, bytes: size, key };
      if (versions > 1) writtenTwice.push(key);
    } else if (key.startsWith("manifests/")) {
      const manifest = CallManifest.parse(JSON.parse((await body()).toString()));
      manifests[day] = manifest;
      if (manifest.status === "closed") closed.push(day);
    } else if (key.startsWith("ledger/")) {
      ledger.push(LedgerEntry.parse(JSON.parse((await body()).toString())));
      if (versions > 1) writtenTwice.push(key);
    } else if (key.endsWith("calls.csv")) index[day] = (await body()).toString();
    else other.push(key);
  }
  return { calls, recordings, manifests, closed, hashes, index, writtenTwice, ledger, other };
}

/** Returns the archive without instants, runs, revisions and this world's ports. */
export function withoutHistory({ calls, recordings, manifests, closed, index }: ArchiveContents): unknown {
  const facts = Object.values(manifests).map(({ day, status, openReasons, totals, listings, recordings: entries }) => ({
    ...{ day, status, openReasons, totals },
    listings: listings.map(({ fingerprint }) => fingerprint),
    recordings: entries.map(({ attempts, firstSeenAt, ...entry }) => entry),
  }));
  const all = JSON.stringify({ calls, recordings, facts, closed, index });
  return JSON.parse(all.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1"));
}

/** Lists every difference between the archive and RingCentral for the given days; empty if the archive is complete. */
export function differencesFromTruth(
  world: { readonly ringCentral: RingCentralLab },
  archive: ArchiveContents,
  days: readonly string[],
): string[] {
  const differences: string[] = [...archive.writtenTwice.map((key) => `${key}: written twice`), ...archive.other];
  for (const day of days) {
    const { days: truths, recordings } = world.ringCentral.truth(day);
    const expected = [...(truths[day]?.records ?? [])].sort(byStart).map((record) => JSON.stringify(record));
    const actual = (archive.calls[day] ?? []).map((record) => JSON.stringify(record));
    if (expected.length !== actual.length || expected.some((record, n) => record !== actual[n])) {
      differences.push(`${day}: ${actual.length} records, RingCentral has ${expected.length}, or they differ`);
    }
    const manifest = archive.manifests[day];
    if (manifest?.totals.records !== expected.length)
      differences.push(`${day}: manifest counts ${manifest?.totals.records} records`);
    const { calls, csv, totals } = manifest ?? {};
    if ((calls?.sha256 ?? "") !== (archive.hashes[`${day} calls`] ?? ""))
      differences.push(`${day}: the manifest's hash of the calls`);
    if ((csv?.sha256 ?? "") !== (archive.hashes[`${day} csv`] ?? ""))
      differences.push(`${day}: the manifest's hash of calls.csv`);
    const states = (state: string) => manifest?.recordings.filter((entry) => entry.state === state).length;
    const counted = {
      stored: totals?.stored,
      pending: totals?.pending,
      "not-found": totals?.notFound,
      refused: totals?.refused,
    };
    for (const [state, count] of Object.entries(counted)) {
      if (count !== states(state)) differences.push(`${day}: ${state} does not add up`);
    }
    const ofDay = Object.entries(archive.recordings).filter(([, { key }]) => key.includes(`date=${day}`));
    for (const [id] of ofDay)
      if (recordings[id]?.state !== "ready") differences.push(`${id}: stored, though RingCentral has it not`);
    for (const [id, truth] of Object.entries(recordings)) {
      const stored = archive.recordings[id];
      const entry = manifest?.recordings.find((each) => each.id === id);
      if (!entry) differences.push(`${id}: not in the manifest of ${day}`);
      if (truth.state !== "ready" && entry?.state === "stored") differences.push(`${id}: said to be stored`);
      if (truth.state !== "ready") continue;
      const sha256 = Buffer.from(truth.sha256, "hex").toString("base64");
      if (stored?.sha256 !== sha256 || stored.bytes !== truth.bytes) differences.push(`${id}: not stored as it is`);
      if (entry?.object?.sha256 !== sha256 || entry.object.key !== stored?.key)
        differences.push(`${id}: the manifest says otherwise`);
    }
  }
  return differences;
}

function byStart(a: { startTime: string; id: string }, b: { startTime: string; id: string }): number {
  return a.startTime < b.startTime ? -1 : a.startTime > b.startTime ? 1 : a.id < b.id ? -1 : 1;
}

function jsonLines(text: string): unknown[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
}
