import { createHash } from "node:crypto";
import { enterLab, s3Client } from "../../../lab/aws/trial/lab-under-test.ts";
import { createClock } from "../../../lab/clock.ts";
import { createBucket } from "../../../shared/aws/bucket.ts";
import { callAggregate } from "../../../shared/core/calls/call-aggregate.ts";
import type { CallDayEvent } from "../../../shared/core/calls/call-manifest.ts";
import type { ArchiveServices } from "../../../shared/jobs/archive-calls/services.ts";
import { appendEvents } from "../../../shared/storage/day-events.ts";
import { readDayState, writeManifest } from "../../../shared/storage/manifest-file.ts";
import { rules } from "../core/day-events.ts";

export const account = "7";
export const timeZone = "UTC";
export const aggregate = callAggregate(rules);

export function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

/** Opens an archive in the lab's S3, with the services of its steps except RingCentral. The lab's clock can be advanced. */
export async function openArchive(now = new Date("2026-11-05T03:00:00Z")) {
  const clock = createClock(now);
  const aws = await enterLab({ clock, checkSkew: false });
  const client = s3Client(aws, { requestChecksumCalculation: "WHEN_REQUIRED" });
  const [archive, state] = [createBucket(client, "archive"), createBucket(client, "state")];
  const services = (run: string, others: Partial<ArchiveServices> = {}) => {
    const those: Partial<ArchiveServices> = {
      ...{ archive, state, rules, aggregate, timeZone, sign: undefined },
      log: { info: () => {}, warn: () => {}, error: () => {} },
      now: () => new Date(clock.now()),
      run: { name: run } as ArchiveServices["run"],
      ...others,
    };
    return those as ArchiveServices;
  };
  return {
    ...{ aws, archive, state, clock, services },
    /** Writes a day's manifest once more with the events, as the end of a run does. Returns the SHA-256 of its bytes. */
    writeDay: async (day: string, events: readonly CallDayEvent[] = [], run = "run") => {
      if (events.length > 0)
        await appendEvents({ state, aggregate, run: { name: run } }, { account, day, name: "events" }, events);
      const dayState = await readDayState({ archive, state, account, timeZone, aggregate }, day);
      const written = await writeManifest({ archive, state, aggregate }, dayState, { run, at: new Date(clock.now()) });
      return written?.sha256 ?? "";
    },
  };
}
export type ArchiveWorld = Awaited<ReturnType<typeof openArchive>>;
