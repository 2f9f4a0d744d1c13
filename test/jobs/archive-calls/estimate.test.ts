import { describe, expect, test } from "vitest";
import { toBody } from "../../../shared/aws/bucket.ts";
import { callAggregate } from "../../../shared/core/calls/call-aggregate.ts";
import type { CallDayEvent } from "../../../shared/core/calls/call-manifest.ts";
import { aggregateKeys, archiveKeys } from "../../../shared/core/object-keys.ts";
import { type ArchiveEstimateOptions, estimateArchive } from "../../../shared/jobs/archive-calls/estimate.ts";
import { jobs } from "../../../shared/jobs.ts";
import { updateCachedAccount } from "../../../shared/storage/cached-account.ts";
import { createDayStore } from "../../../shared/storage/day-store.ts";
import { openS3 } from "../../support/aws/open-s3.ts";

const account = "7";
const none = { days: [], relist: false, acceptShrunk: false };

/** An archive in the lab's S3, four days after it was begun. */
async function enter() {
  const { aws, archive, state } = await openS3();
  const options: ArchiveEstimateOptions = {
    ...{ archive, state },
    now: new Date("2026-11-05T12:00:00Z"),
    timeZone: "UTC",
    archiveFrom: "2026-11-01",
    rules: { listingGapMs: 6 * 3_600_000, settleAfterMs: 24 * 3_600_000 },
  };
  return { aws, options };
}

const listed = (at: string, records: number, ids: readonly string[]): CallDayEvent => ({
  type: "listed",
  listing: {
    run: `run at ${at}`,
    at,
    records,
    recordings: ids.length,
    fingerprint: "same",
    archived: records,
    missing: 0,
  },
  calls: { key: "calls", bytes: 1, sha256: "x", etag: "e" },
  counts: { records, deleted: 0, tooShort: 0, automatic: 0 },
  recordings: ids.map((id) => ({ id, contentUri: `https://media.example.com/${id}`, callId: "a" })),
});

/** Updates a day's manifest with its events, as the end of a run does. */
async function noteDay(
  { archive, state, timeZone, rules }: ArchiveEstimateOptions,
  day: string,
  events: readonly CallDayEvent[],
) {
  const aggregate = callAggregate(rules);
  const now = () => new Date("2026-11-05T03:00:00Z");
  const store = createDayStore({ archive, state, aggregate, account, timeZone, run: { name: "run" }, now });
  await store.append(day, "all", events);
  await store.commit(day, ({ manifest }) => manifest);
}

test("before the first run every day is unknown: each costs a request, and its recordings are listed as not counted", async () => {
  const { options } = await enter();

  expect(await estimateArchive(options, none)).toEqual({
    ...{ days: 4, firstDay: "2026-11-01", lastDay: "2026-11-04", closed: [] },
    ...{ daysNeverListed: 4, daysListedAgain: 0, recordingsDue: 0 },
    ...{ requestsAtLeast: 4, minutesAtLeast: 0, rateLimit: { requestsPerMinute: 10, isAssumed: true } },
    cost: { usdAtLeast: 0.01 },
    notCounted: [expect.stringMatching(/^Recordings of days that were never listed \(4\): /)],
    hints: [],
  });
});

describe("after some nights,", () => {
  async function someNights() {
    const { options } = await enter();
    await updateCachedAccount(options.state, { id: account, heavyPerMinute: 10 });
    const agreed = ["2026-11-03T03:00:00Z", "2026-11-04T03:00:00Z"];
    await noteDay(
      options,
      "2026-11-01",
      agreed.map((at) => listed(at, 2, [])),
    );
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

  test("closed days cost nothing, settled ones their due recordings, and others at least one page", async () => {
    const options = await someNights();

    const estimate = await estimateArchive(options, none);

    const requests = 3 + 40 + 1 + 1;
    expect(estimate).toEqual({
      ...{ days: 3, firstDay: "2026-11-02", lastDay: "2026-11-04", closed: [] },
      ...{ daysNeverListed: 1, daysListedAgain: 1, recordingsDue: 43 },
      ...{ requestsAtLeast: requests, minutesAtLeast: 4, rateLimit: { requestsPerMinute: 10, isAssumed: false } },
      cost: { usdAtLeast: 0.01 },
      notCounted: [
        expect.stringMatching(/^Recordings of days that were never listed \(1\): /),
        expect.stringMatching(/^New recordings of days that are listed again \(1; calls in the last listing: 2500\): /),
      ],
      hints: [],
    });
  });

  test("a requested day that is closed is named, with a hint how to list it again, unless it is listed again", async () => {
    const options = await someNights();
    const days = ["2026-11-01", "2026-11-02"];

    const usual = await estimateArchive(options, { ...none, days });
    const again = await estimateArchive(options, { ...none, days, relist: true });

    expect([usual.closed, usual.firstDay]).toEqual([["2026-11-01"], "2026-11-02"]);
    expect(usual.hints).toEqual([expect.stringContaining('Add "relist": true')]);
    expect([again.closed, again.firstDay, again.hints]).toEqual([[], "2026-11-01", []]);
    expect(again.requestsAtLeast - usual.requestsAtLeast).toBe(1);
  });

  test("a day listed within the gap is not listed again, and a recording that was just attempted is not due", async () => {
    const options = await someNights();
    await noteDay(options, "2026-11-04", [
      listed("2026-11-05T09:00:00Z", 5, ["tried", "new"]),
      { type: "attempt-failed", id: "tried", attempt: { run: "run", at: "2026-11-05T09:10:00Z", result: "not-found" } },
    ]);

    const estimate = await estimateArchive(options, none);

    expect(estimate).toMatchObject({ daysNeverListed: 0, daysListedAgain: 1, recordingsDue: 44 });
  });

  test("a recording that two days reference is requested once, and a stored one not at all", async () => {
    const options = await someNights();
    await noteDay(options, "2026-11-04", [listed("2026-11-05T09:00:00Z", 5, ["x0", "x1", "new"])]);
    const put = (id: string, day: string) =>
      options.archive.create(archiveKeys.recording(account, day, id, "wav"), toBody("a"), "audio/wav");
    await put("x2", "2026-11-03");
    await put("new", "2026-11-05");

    const { recordingsDue } = await estimateArchive(options, none);

    expect(recordingsDue).toBe(3 + 40 - 1);
  });

  test("a recording that RingCentral had deleted before it was first seen is not requested", async () => {
    const options = await someNights();
    const later = { ...options, now: new Date("2026-11-09T12:00:00Z") };
    const before = await estimateArchive(later, none);
    const retention = { days: 1, daysToFetch: 1, maxCount: 100_000 };
    await updateCachedAccount(options.state, { id: account, retention });

    const { recordingsDue } = await estimateArchive(later, none);

    expect([before.recordingsDue, recordingsDue]).toEqual([43, 0]);
  });

  test("a day whose manifest is damaged is left out, with a hint", async () => {
    const options = await someNights();
    await options.archive.put(aggregateKeys.calls.manifest(account, "2026-11-03"), toBody("{"), "application/json");

    const { days, recordingsDue, hints } = await estimateArchive(options, none);

    expect([days, recordingsDue]).toEqual([2, 3]);
    expect(hints).toEqual([expect.stringMatching(/^The run skips 2026-11-03, STORAGE_INVALID: /)]);
  });

  test("the minutes are computed from RingCentral's last rate limit", async () => {
    const options = await someNights();
    await updateCachedAccount(options.state, { id: account, heavyPerMinute: 2 });

    const { requestsAtLeast, minutesAtLeast } = await estimateArchive(options, none);

    expect(minutesAtLeast).toBe(Math.ceil(requestsAtLeast / 2) - 1);
  });
});

test("days before RingCentral's call log begins are not counted", async () => {
  const { options } = await enter();

  const { days } = await estimateArchive({ ...options, archiveFrom: "2020-01-01" }, none);

  expect(days).toBe(400);
});

test("an estimate writes nothing and sends RingCentral no request", async () => {
  const { aws, options } = await enter();

  await estimateArchive(options, none);

  expect(aws.counters().puts.stored).toBe(0);
});

test("an estimate reads no object that start-run may only list", async () => {
  const { aws, options } = await enter();
  await updateCachedAccount(options.state, { id: account });
  await noteDay(options, "2026-11-02", [listed("2026-11-03T03:00:00Z", 5, ["1", "2"])]);
  const { lists } = jobs["archive-calls"].estimateReads;
  const read: string[] = [];
  aws.setObserver(async ({ operation, key = "" }) => {
    if (operation === "GetObject" || operation === "HeadObject") read.push(key);
  });

  await estimateArchive(options, none);

  const listsOnly = (key: string) => [...lists.archive, ...lists.state].some((prefix) => key.startsWith(prefix));
  expect([read.length > 0, read.filter(listsOnly)]).toEqual([true, []]);
});
