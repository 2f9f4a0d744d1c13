import { describe, expect, test } from "vitest";
import { type EstimateOptions, estimateArchive } from "../../shared/archive/estimate.ts";
import { bytesBody, createBucket } from "../../shared/aws/bucket.ts";
import { callBook } from "../../shared/core/call-book.ts";
import type { ManifestEvent } from "../../shared/core/manifest.ts";
import { archiveKeys } from "../../shared/core/object-keys.ts";
import { jobs } from "../../shared/jobs.ts";
import { noteAccount } from "../../shared/storage/account-note.ts";
import { readDayState, writeManifest } from "../../shared/storage/manifest-file.ts";
import { writeOutcome } from "../../shared/storage/outcomes.ts";
import { enterLab, s3Client } from "../lab/aws/trial/lab-under-test.ts";

const account = "7";
const none = { days: [], relist: false, acceptShrunk: false };

/** An archive in the lab's S3, four days after it was begun. */
async function enter() {
  const aws = await enterLab();
  const client = s3Client(aws);
  const options: EstimateOptions = {
    archive: createBucket(client, "archive"),
    state: createBucket(client, "state"),
    now: new Date("2026-11-05T12:00:00Z"),
    timeZone: "UTC",
    archiveFrom: "2026-11-01",
    rules: { listingGapMs: 6 * 3_600_000, settleAfterMs: 24 * 3_600_000 },
  };
  return { aws, options };
}

const listed = (at: string, records: number, ids: readonly string[]): ManifestEvent => ({
  is: "listed",
  listing: {
    run: `run at ${at}`,
    at,
    records,
    recordings: ids.length,
    fingerprint: "same",
    known: records,
    missing: 0,
  },
  calls: { key: "calls", bytes: 1, sha256: "x", etag: "e" },
  counts: { records, deleted: 0, tooShort: 0, automatic: 0 },
  named: ids.map((id) => ({ id, contentUri: `https://media.example.com/${id}`, record: "a" })),
});

/** Brings a day's manifest up to what has happened, as a run's end does. */
async function noteDay(
  { archive, state, timeZone, rules }: EstimateOptions,
  day: string,
  events: readonly ManifestEvent[],
) {
  const book = callBook(rules);
  await writeOutcome({ state, book, run: { name: "run" } }, { account, day, name: "all" }, events);
  const dayState = await readDayState({ archive, state, account, timeZone, book }, day);
  await writeManifest({ archive, state, book }, dayState, { run: "run", at: new Date("2026-11-05T03:00:00Z") });
}

test("before the first run every day is unknown, and each costs a request", async () => {
  const { options } = await enter();

  expect(await estimateArchive(options, none)).toEqual({
    days: 4,
    firstDay: "2026-11-01",
    lastDay: "2026-11-04",
    daysNeverListed: 4,
    recordingsPending: 0,
    requests: 4,
    minutes: 1,
  });
});

describe("after some nights", () => {
  async function someNights() {
    const { options } = await enter();
    await noteAccount(options.state, { id: account, heavyPerMinute: 10 });
    await options.archive.create(archiveKeys.closed(account, "2026-11-01"), bytesBody("{}"), "application/json");
    const settled = [listed("2026-11-04T03:00:00Z", 2, ["r1", "r2", "r3"]), listed("2026-11-05T03:00:00Z", 2, ["r1"])];
    await noteDay(options, "2026-11-02", settled);
    await noteDay(options, "2026-11-03", [
      listed(
        "2026-11-05T03:00:00Z",
        2_500,
        Array.from({ length: 40 }, (_, n) => `x${n}`),
      ),
    ]);
    return options;
  }

  test("closed days cost nothing, settled ones their pending recordings, others their pages too", async () => {
    const options = await someNights();

    const estimate = await estimateArchive(options, none);

    const pages = { settled: 0, unsettled: 3, neverListed: 1 };
    const requests = 3 + 40 + pages.unsettled + pages.neverListed;
    expect(estimate).toEqual({
      days: 3,
      firstDay: "2026-11-02",
      lastDay: "2026-11-04",
      daysNeverListed: 1,
      recordingsPending: 43,
      requests,
      minutes: Math.ceil(requests / 10),
    });
  });

  test("a closed day that was asked for costs nothing, unless it is to be listed again", async () => {
    const options = await someNights();

    const asked = await estimateArchive(options, { ...none, days: ["2026-11-01"], relist: false });
    const again = await estimateArchive(options, { ...none, days: ["2026-11-01"], relist: true });

    expect([asked.days, asked.firstDay]).toEqual([3, "2026-11-02"]);
    expect([again.days, again.firstDay, again.requests - asked.requests]).toEqual([4, "2026-11-01", 1]);
  });

  test("the minutes follow what RingCentral last allowed", async () => {
    const options = await someNights();
    await noteAccount(options.state, { id: account, heavyPerMinute: 2 });

    const { requests, minutes } = await estimateArchive(options, none);

    expect(minutes).toBe(Math.ceil(requests / 2));
  });
});

test("days before RingCentral's memory are not counted", async () => {
  const { options } = await enter();

  const { days } = await estimateArchive({ ...options, archiveFrom: "2020-01-01" }, none);

  expect(days).toBe(400);
});

test("an estimate writes nothing and asks RingCentral nothing", async () => {
  const { aws, options } = await enter();

  await estimateArchive(options, none);

  expect(aws.counters().puts.stored).toBe(0);
});

test("nothing is read of what start-run may only list", async () => {
  const { aws, options } = await enter();
  await noteAccount(options.state, { id: account });
  await noteDay(options, "2026-11-02", [listed("2026-11-03T03:00:00Z", 5, ["1", "2"])]);
  const { lists } = jobs["archive-calls"].estimate;
  const read: string[] = [];
  aws.setObserver(async ({ operation, key = "" }) => {
    if (operation === "GetObject" || operation === "HeadObject") read.push(key);
  });

  await estimateArchive(options, none);

  const listsOnly = (key: string) => [...lists.archive, ...lists.state].some((prefix) => key.startsWith(prefix));
  expect([read.length > 0, read.filter(listsOnly)]).toEqual([true, []]);
});
