import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { type Aws, startAws } from "../../lab/aws/server.ts";
import { type Bucket, createBucket, toBody } from "../../shared/aws/bucket.ts";
import type { CallManifest, RecordingEntry } from "../../shared/core/calls/call-manifest.ts";
import { dayTotals } from "../../shared/core/calls/day-totals.ts";
import { emptyCallManifest } from "../../shared/core/calls/reduce-call-manifest.ts";
import type { DayIndex } from "../../shared/core/day-index.ts";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { addDays, type Day, daysBetween, spanOf } from "../../shared/core/time/days.ts";
import { zippedJson } from "../../shared/storage/stored-json.ts";
import { type Figure, mebibytes, seconds } from "./table.ts";
import { bucket, nightshift, plainListing, timed } from "./timed-command.ts";

const account = "7";
const keys = aggregateKeys.calls;
const first = "2026-01-01";
const openDays = 2;
const perDay = 1_000;
const perListing = 1_000;

/** Measures the status of an archive by its index and by its manifests, beside a plain listing of the manifests. */
export async function statusFigures(quick: boolean): Promise<readonly Figure[]> {
  const days = daysBetween(first, addDays(first, quick ? 20 : 400));
  const dir = await mkdtemp(join(tmpdir(), "nightshift-status-"));
  const aws = await startAws({ dir, buckets: { [bucket]: { versioned: true }, state: {} } });
  try {
    await fill(aws, days);
    const listing = await measured(aws, plainListing);
    const byIndex = await measured(aws, nightshift, "status", "--bucket", bucket, "--state", "state");
    const byManifests = await measured(aws, nightshift, "status", "--bucket", bucket);
    const what = `status of ${days.length} days, ${days.length * perDay} recordings`;
    const beside = ({ ms, peak, requests }: Measured) =>
      `${requests} requests, ${seconds(ms)} = ${(ms / listing.ms).toFixed(1)} × that listing, ${mebibytes(peak)}`;
    const whole = Math.ceil((days.length * (perDay + 3)) / perListing);
    return [
      { what: "plain SDK listing of its manifests", value: `${listing.requests} requests, ${seconds(listing.ms)}` },
      { what: "plain listing of the whole archive, computed", value: `${whole} requests` },
      { what, value: beside(byIndex), goal: "≤ 3 ×" },
      { what: `${what}, without a state bucket`, value: beside(byManifests) },
    ];
  } finally {
    await aws.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

interface Measured {
  readonly ms: number;
  readonly peak: number;
  readonly requests: number;
}

async function measured(aws: Aws, script: string, ...args: string[]): Promise<Measured> {
  const count = () => Object.values(aws.counters().requests).reduce((sum, each) => sum + each, 0);
  const before = count();
  const command = await timed(aws, script, ...args);
  return { ...command, requests: count() - before };
}

/** Writes the manifests and the index. The recordings themselves are not needed: a status does not look at them. */
async function fill({ url }: Aws, days: readonly Day[]): Promise<void> {
  const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
  const client = new S3Client({ endpoint: url, region: "us-east-1", credentials });
  const [archive, state] = [createBucket(client, bucket), createBucket(client, "state")];
  const entries: DayIndex["days"] = {};
  for (const [place, day] of days.entries()) {
    const isOpen = place >= days.length - openDays;
    const manifest = manifestOf(day, isOpen);
    const etag = await put(archive, keys.manifest(account, day), manifest);
    entries[day] = { etag, status: manifest.status, counts: dayTotals(manifest) };
  }
  const walkedAt = new Date().toISOString();
  const index: DayIndex = { schema: "nightshift/day-index/1", account, rules: "", walkedAt, days: entries };
  await state.put(keys.dayIndex(account), zippedJson(index), "application/gzip");
  client.destroy();
}

const put = (archive: Bucket, key: string, value: object) =>
  archive.put(key, toBody(`${JSON.stringify(value, null, 1)}\n`), "application/json");

function manifestOf(day: Day, isOpen: boolean): CallManifest {
  const empty = emptyCallManifest(account, day, "UTC", spanOf(day, "UTC"));
  const recordings = Array.from({ length: perDay }, (_, place): RecordingEntry => {
    const id = `${day.replaceAll("-", "")}${String(place).padStart(5, "0")}`;
    const { sha256, bytes } = toBody(id);
    const key = archiveKeys.recording(account, day, id, "mp3");
    const object = { key, bytes, sha256, etag: `"${"0".repeat(32)}"`, contentType: "audio/mpeg" };
    return { id, state: "stored", firstSeenAt: `${day}T00:00:00.000Z`, callId: id, object };
  });
  return {
    ...empty,
    status: isOpen ? "open" : "closed",
    openReasons: isOpen ? ["listing-not-settled"] : [],
    totals: { ...empty.totals, records: perDay, recordings: perDay, stored: perDay },
    recordings,
  };
}
