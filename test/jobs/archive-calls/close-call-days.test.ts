import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type Bucket, toBody } from "../../../shared/aws/bucket.ts";
import type { CallDayEvent } from "../../../shared/core/calls/call-manifest.ts";
import { archiveKeys } from "../../../shared/core/object-keys.ts";
import { closeCallDays } from "../../../shared/jobs/archive-calls/close-call-days.ts";
import type { DaysToArchive } from "../../../shared/jobs/archive-calls/find-days-to-archive.ts";
import { appendEvents } from "../../../shared/storage/day-events.ts";
import { workOff } from "../../support/runtime/work-off.ts";
import { type ArchiveWorld, account, aggregate, openArchive } from "../../support/storage/archive-world.ts";

const day = "2026-11-01";
const key = archiveKeys.calls(account, day);
const dayFile = (id: string) => toBody(gzipSync(`${JSON.stringify({ id, startTime: "2026-11-01T10:00:00Z" })}\n`));

/** Stores a day whose two listings agree, with the file of the listing run, and further events. */
async function listedDay(world: ArchiveWorld, ...more: readonly CallDayEvent[]): Promise<void> {
  const body = dayFile("a");
  const etag = await world.archive.put(key, body, "application/gzip");
  const events = ["2026-11-03T03:00:00.000Z", "2026-11-04T03:00:00.000Z"].map((at): CallDayEvent => {
    const counts = { records: 1, recordings: 1 };
    return {
      type: "listed",
      listing: { run: `run of ${at}`, at, ...counts, fingerprint: "same", archived: 1, missing: 0 },
      calls: { key, bytes: body.bytes, sha256: body.sha256, etag },
      counts: { records: 1, deleted: 0, tooShort: 0, automatic: 0 },
      recordings: more.length > 0 ? [{ id: "r", contentUri: "https://media.example.com/r", callId: "a" }] : [],
    };
  });
  await appendEvents({ state: world.state, aggregate, account }, { day, run: "listing", name: "listing" }, [
    ...events,
    ...more,
  ]);
}

async function close(world: ArchiveWorld, archive: Bucket = world.archive) {
  const counted: Record<string, number> = {};
  const add = (name: string, value = 1) => {
    counted[name] = (counted[name] ?? 0) + value;
  };
  const metrics = { add, set: () => undefined, publish: () => undefined };
  const days: Pick<DaysToArchive, "account" | "days"> = { account, days: [day] };
  await workOff(closeCallDays(world.services("closing", { archive, metrics }), days as DaysToArchive));
  const { stored } = await world.readDay(day);
  return { counted, manifest: stored?.manifest };
}

describe("`closeCallDays`", () => {
  test("closes a day whose listings agree, over the file that the listing run wrote", async () => {
    const world = await openArchive();
    await listedDay(world);

    expect((await close(world)).manifest).toMatchObject({ status: "closed", openReasons: [] });
  });

  test("leaves a day open if another run has written its file since, until it has been listed again", async () => {
    const world = await openArchive();
    await listedDay(world);
    await world.archive.put(key, dayFile("b"), "application/gzip");

    expect((await close(world)).manifest).toMatchObject({
      status: "open",
      openReasons: ["listing-failed"],
      failure: { code: "DAY_FILE_CHANGED" },
    });
  });
});

test("a lost recording is counted once, although another run writes the manifest in between", async () => {
  const world = await openArchive();
  const tried = {
    type: "attempt-failed",
    id: "r",
    attempt: { run: "night", at: "2026-11-04T04:00:00.000Z", result: "not-found" },
  } as const;
  await listedDay(world, { type: "horizon-passed", cause: "age", passedAt: "2026-11-04T03:30:00.000Z" }, tried);
  let races = 0;
  const replace: Bucket["replace"] = async (...write) =>
    write[0].startsWith("manifests/") && races++ < 2 ? undefined : world.archive.replace(...write);

  const { counted, manifest } = await close(world, { ...world.archive, replace });

  expect(races).toBe(3);
  expect(manifest?.totals.lost).toBe(1);
  expect(counted.RecordingsLost).toBe(1);
});
