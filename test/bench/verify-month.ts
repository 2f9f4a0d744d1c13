import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { archiveBucket } from "../../lab/demo/cloud.ts";
import { openWorld, type World } from "../../lab/demo/world.ts";
import type { ExecutionView } from "../../lab/lambda/execution.ts";
import { rotationParts } from "../../shared/core/rotation.ts";
import { VerificationManifest } from "../../shared/core/verification-manifest.ts";
import { type Figure, mebibytes } from "./table.ts";
import { watchPeak } from "./watch-peak.ts";

const dayMs = 24 * 3_600_000;
const megabyte = 1_000_000;

/**
 * Measures a month of verify-archive: how often it reads each object, and its memory; then how fast it reads everything,
 * beside `sha256sum` of the same files in the same minute.
 */
export async function verifyMonthFigures(quick: boolean): Promise<readonly Figure[]> {
  const small = await measure({ recordings: 20, bytes: megabyte });
  const large = await measure({ recordings: quick ? 20 : 200, bytes: (quick ? 1 : 4) * megabyte });
  const { objects, read, bytes, ours, theirs, peak } = large;
  const perSecond = (ms: number) => `${Math.round(bytes / ms / 1_000)} MB/s`;
  return [
    {
      what: `${rotationParts} nights: objects whose bytes were read / objects`,
      value: `${read} / ${objects}`,
      goal: "equal",
    },
    { what: `all ${Math.round(bytes / megabyte)} MB in one run`, value: perSecond(ours) },
    { what: "sha256sum of the same files", value: perSecond(theirs) },
    { what: "the first beside the second", value: `${(theirs / ours).toFixed(2)} ×`, goal: "≥ 0.75 ×" },
    { what: "peak memory, 20 recordings of 1 MB", value: mebibytes(small.peak) },
    { what: `peak memory, all ${Math.round(bytes / megabyte)} MB`, value: mebibytes(peak), goal: "≤ 300 MiB" },
    {
      what: "billed, a GB",
      value: `${((ours / 1_000) * (1769 / 1024) * ((1_000 * megabyte) / bytes)).toFixed(1)} GB-seconds`,
    },
  ];
}

async function measure({ recordings, bytes }: { readonly recordings: number; readonly bytes: number }) {
  const calls = { perDay: recordings, recordedShare: 1, faxShare: 0, shortShare: 0, transferShare: 0 };
  const world = await openWorld({
    archiveFrom: "2026-11-03",
    ringCentral: {
      limits: { heavy: { limit: 60, windowMs: 60_000, penaltyMs: 60_000 } },
      account: { calls, recordings: { bytes } },
    },
  });
  await ended(world.night());
  world.lambda.recycle();
  const watch = watchPeak("runtime-loop.mjs");
  try {
    let read = 0;
    for (let night = 0; night < rotationParts; night++) {
      world.clock.advance(dayMs);
      await ended(world.night("verify-archive"));
      read += (await newestReport(world)).objectsRead;
    }
    world.clock.advance(dayMs);
    await ended(world.run({ job: "verify-archive", parts: rotationParts }));
    const { objects, bytes, ms } = await newestReport(world);
    const theirs = await sha256sum(join(world.dir, archiveBucket));
    return { read, objects, bytes, ours: ms, theirs, peak: watch.peak() };
  } finally {
    watch.stop();
    await world.stop();
  }
}

async function ended(execution: Promise<ExecutionView>): Promise<void> {
  const { status, result } = await execution;
  if (status !== "SUCCEEDED") throw new Error(`the run ended ${status}: ${result}`);
}

/** What the newest report says of the calls, and how long the verification took. */
async function newestReport({ aws }: World) {
  const keys: string[] = [];
  for await (const { key } of aws.objects(archiveBucket))
    if (key.startsWith("verifications/manifests/")) keys.push(key);
  const text = (await aws.read(archiveBucket, keys.sort().at(-1) ?? "")).toString();
  const { begunAt, endedAt, aggregates } = VerificationManifest.parse(JSON.parse(text));
  const { objects = 0, bytes = 0, objectsRead = 0 } = aggregates.find(({ aggregate }) => aggregate === "calls") ?? {};
  return { objects, bytes, objectsRead, ms: Date.parse(endedAt) - Date.parse(begunAt) };
}

/** Returns how many ms `sha256sum` takes over every recording and call log of the archive. */
async function sha256sum(folder: string): Promise<number> {
  const began = performance.now();
  const files = ["calls", "recordings"].map((prefix) => join(folder, prefix));
  const child = spawn("find", [...files, "-type", "f", "-exec", "sha256sum", "{}", "+"], { stdio: "ignore" });
  await once(child, "exit");
  if (child.exitCode !== 0) throw new Error(`sha256sum ended with ${child.exitCode}`);
  return performance.now() - began;
}
