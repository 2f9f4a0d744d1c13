import { createReadStream } from "node:fs";
import type { Bucket } from "../../shared/aws/bucket.ts";
import type { CallManifest } from "../../shared/core/calls/call-manifest.ts";
import { emptyCallManifest } from "../../shared/core/calls/reduce-call-manifest.ts";
import { aggregateKeys, archiveKeys } from "../../shared/core/object-keys.ts";
import { addDays, spanOf } from "../../shared/core/time/days.ts";
import { buildDays } from "../../shared/jobs/build-tables/build-days.ts";
import { workOff } from "../support/runtime/work-off.ts";

/** Builds the tables of several days, each with the calls of one file, discards them, and prints the duration in ms. */
const [file = "", count = "1"] = process.argv.slice(2);
const account = "7";
const timeZone = "America/New_York";
const days = Array.from({ length: Number(count) }, (_, n) => addDays("2026-01-01", n));

function manifestOf(day: string): Buffer {
  const calls = { key: archiveKeys.calls(account, day), bytes: 1, sha256: "", etag: "" };
  const manifest: CallManifest = { ...emptyCallManifest(account, day, timeZone, spanOf(day, timeZone)), calls };
  return Buffer.from(JSON.stringify(manifest));
}

const archive = {
  get: async (key: string) => {
    const day = days.find((each) => key === aggregateKeys.calls.manifest(account, each));
    return day === undefined ? undefined : { body: manifestOf(day), etag: "e", lastModified: new Date(0) };
  },
  open: async () => ({ etag: "e", chunks: createReadStream(file) }),
} satisfies Partial<Bucket> as Partial<Bucket> as Bucket;
const derived = {
  get: async () => undefined,
  put: async () => "",
  head: async () => undefined,
  replace: async (_key, body) => {
    const opened = body.open();
    if (!Buffer.isBuffer(opened)) for await (const _chunk of opened);
    return "e";
  },
} satisfies Partial<Bucket> as Partial<Bucket> as Bucket;
const log = { info: () => {}, warn: () => {}, error: () => {} };
const metrics = { add: () => {}, set: () => {}, publish: () => {} };

const began = performance.now();
await workOff(buildDays({ archive, derived, log, metrics }, { account, days, rebuild: true }));
process.stdout.write(String(performance.now() - began));
