import { createHash } from "node:crypto";
import { createDirectS3 } from "../../../lab/aws/direct-clients.ts";
import { openAws } from "../../../lab/aws/server.ts";
import { createClock } from "../../../lab/clock.ts";
import { createBucket } from "../../../shared/aws/bucket.ts";
import { callAggregate } from "../../../shared/core/calls/call-aggregate.ts";
import type { CallDayEvent } from "../../../shared/core/calls/call-manifest.ts";
import type { ArchiveServices } from "../../../shared/jobs/archive-calls/services.ts";
import { appendEvents } from "../../../shared/storage/day-events.ts";
import { createDayStore } from "../../../shared/storage/day-store.ts";
import { writeManifest } from "../../../shared/storage/manifest-file.ts";
import { writeLedger } from "../../../shared/storage/write-ledger.ts";
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
  const aws = await openAws({ buckets: { archive: { versioned: true }, state: {} }, clock, checkSkew: false });
  const client = createDirectS3(aws.unsignedHandler);
  const [archive, state] = [createBucket(client, "archive"), createBucket(client, "state")];
  const services = (run: string, others: Partial<ArchiveServices> = {}) => {
    const those: Partial<ArchiveServices> = {
      ...{ archive, state, rules, aggregate, timeZone, sign: undefined },
      log: { info: () => {}, warn: () => {}, error: () => {} },
      now: () => new Date(clock.now()),
      run: { name: run } as ArchiveServices["run"],
      ...others,
    };
    return withDayStore(those as ArchiveServices);
  };
  const storage = { archive, state, aggregate, account };
  const store = () => services("run").dayStore(account);
  return {
    ...{ aws, archive, state, clock, services },
    /** Reads a day as a new invocation does. */
    readDay: (day: string) => store().read(day),
    /** Writes the index of the days that have a manifest, as a run does. */
    writeIndex: async () => {
      const days = store();
      for (const day of (await days.list()).begun) await days.read(day);
      await days.saveIndex();
    },
    /** Writes a day's manifest once more with the events, as the end of a run does. Returns the SHA-256 of its bytes. */
    writeDay: async (day: string, events: readonly CallDayEvent[] = [], run = "run") => {
      if (events.length > 0) await appendEvents(storage, { day, run, name: "events" }, events);
      const written = await writeManifest(storage, await store().read(day), { run, at: new Date(clock.now()) });
      return written.sha256;
    },
  };
}
export type ArchiveWorld = Awaited<ReturnType<typeof openArchive>>;

/** Adds the account's days, as a new invocation has them. */
export function withDayStore(services: Omit<ArchiveServices, "dayStore">): ArchiveServices {
  const store = createDayStore({ ...services, account });
  return { ...services, dayStore: () => store };
}

/** Ends a run: adds to the ledger what it lacks. */
export function addToLedger(services: ArchiveServices): Promise<number | undefined> {
  return writeLedger(services, services.dayStore(account));
}
