import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { type Aws, startAws } from "../../lab/aws/server.ts";
import { createBucket, toBody } from "../../shared/aws/bucket.ts";
import { readAsStored } from "../../shared/aws/s3-checksums.ts";
import { forEachConcurrent } from "../../shared/core/async/for-each-concurrent.ts";
import { callAggregate } from "../../shared/core/calls/call-aggregate.ts";
import type { CallManifest, RecordingEntry } from "../../shared/core/calls/call-manifest.ts";
import { emptyCallManifest } from "../../shared/core/calls/reduce-call-manifest.ts";
import { archiveKeys } from "../../shared/core/object-keys.ts";
import { addDays, spanOf } from "../../shared/core/time/days.ts";
import { createDayStore } from "../../shared/storage/day-store.ts";
import { writeManifest } from "../../shared/storage/manifest-file.ts";
import { writeLedger } from "../../shared/storage/write-ledger.ts";
import { type Figure, mebibytes, seconds } from "./table.ts";
import { bucket, nightshift, plainListing, timed } from "./timed-command.ts";

const account = "7";
const aggregate = callAggregate({ listingGapMs: 0, settleAfterMs: 0 });
/** Measures a verification of many objects, beside a plain listing of the same bucket, and one of few. */
export async function verifyFigures(quick: boolean): Promise<readonly Figure[]> {
  const perDay = quick ? 200 : 1_000;
  const many = await measure(quick ? 3 : 100, perDay);
  const few = await measure(quick ? 1 : 10, perDay);
  const what = `verifying ${many.objects} objects`;
  const beside = (ms: number) => `${seconds(ms)} = ${(ms / many.listing.ms).toFixed(1)} × a plain listing`;
  return [
    { what: `plain SDK listing of ${many.objects} objects`, value: seconds(many.listing.ms) },
    { what: `${what}, --quick (size and ETag)`, value: beside(many.quick.ms) },
    { what: `${what} (also S3's SHA-256: one HEAD each)`, value: beside(many.whole.ms) },
    {
      what: "the same of one tenth, --subset 1/10; beyond --quick",
      value: `${seconds(many.tenth.ms)} = ${tenthOf(many).toFixed(2)} × the whole`,
      goal: "0.10 ×",
    },
    { what: `peak memory, verifying ${few.objects} objects`, value: mebibytes(few.whole.peak) },
    { what: `peak memory, verifying ${many.objects} objects`, value: mebibytes(many.whole.peak) },
    { what: "difference", value: mebibytes(many.whole.peak - few.whole.peak), goal: "constant" },
  ];
}

/** What a tenth of the objects takes besides manifests and listing, against all of them. */
function tenthOf({
  quick,
  whole,
  tenth,
}: Readonly<Record<"quick" | "whole" | "tenth", { readonly ms: number }>>): number {
  return Math.max(0, tenth.ms - quick.ms) / (whole.ms - quick.ms);
}

async function measure(days: number, perDay: number) {
  const dir = await mkdtemp(join(tmpdir(), "nightshift-verify-"));
  const aws = await startAws({ dir, buckets: { [bucket]: { versioned: true } } });
  try {
    await fill(aws, days, perDay);
    return {
      objects: days * perDay,
      listing: await timed(aws, plainListing),
      quick: await timed(aws, nightshift, "verify", "--bucket", bucket, "--quick"),
      whole: await timed(aws, nightshift, "verify", "--bucket", bucket),
      tenth: await timed(aws, nightshift, "verify", "--bucket", bucket, "--subset", "1/10"),
    };
  } finally {
    await aws.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Days of recordings, each with its manifest, and one entry of the ledger for all. */
async function fill({ url }: Aws, days: number, perDay: number): Promise<void> {
  const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
  const client = new S3Client({ endpoint: url, region: "us-east-1", credentials, ...readAsStored });
  const archive = createBucket(client, bucket);
  const at = new Date("2026-11-01T00:00:00Z");
  for (let n = 0; n < days; n++) {
    const day = addDays("2026-01-01", n);
    const recordings: RecordingEntry[] = [];
    const ids = Array.from(
      { length: perDay },
      (_, place) => `${day.replaceAll("-", "")}${String(place).padStart(5, "0")}`,
    );
    await forEachConcurrent(ids, 32, async (id) => {
      const key = archiveKeys.recording(account, day, id, "mp3");
      const body = toBody(`audio of ${id}`);
      const etag = (await archive.create(key, body, "audio/mpeg")) ?? "";
      const object = { key, bytes: body.bytes, sha256: body.sha256, etag, contentType: "audio/mpeg" };
      recordings.push({ id, state: "stored", firstSeenAt: at.toISOString(), callId: id, object });
    });
    const empty = emptyCallManifest(account, day, "UTC", spanOf(day, "UTC"));
    const manifest: CallManifest = { ...empty, recordings };
    await writeManifest(
      { archive, state: archive, aggregate, account },
      { stored: undefined, manifest },
      { run: "bench", at },
    );
  }
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const run = { name: "bench", manual: false };
  const services = { archive, state: archive, aggregate, run, log, now: () => at, sign: undefined };
  await writeLedger(services, createDayStore({ ...services, account, timeZone: "UTC" }));
}
