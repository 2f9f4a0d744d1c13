import { describe, expect, test } from "vitest";
import { type Bucket, toBody } from "../../shared/aws/bucket.ts";
import type { CallManifest } from "../../shared/core/calls/call-manifest.ts";
import { dayTotals } from "../../shared/core/calls/day-totals.ts";
import { emptyCallManifest } from "../../shared/core/calls/reduce-call-manifest.ts";
import type { DayIndex } from "../../shared/core/day-index.ts";
import { aggregateKeys, stateKeys } from "../../shared/core/object-keys.ts";
import { addDays, daysBetween, spanOf } from "../../shared/core/time/days.ts";
import { JobError } from "../../shared/errors.ts";
import { readStatus } from "../../shared/status/read-status.ts";
import { zippedJson } from "../../shared/storage/stored-json.ts";
import { memoryBucket } from "../support/storage/memory-bucket.ts";

const account = "7";
const keys = aggregateKeys.calls;
const now = () => new Date("2026-11-28T12:00:00Z");
const days = daysBetween("2026-11-01", "2026-11-28");
const lastDay = "2026-11-27";

function manifestOf(day: string, totals: Partial<CallManifest["totals"]> = {}): CallManifest {
  const empty = emptyCallManifest(account, day, "UTC", spanOf(day, "UTC"));
  const isOpen = day === lastDay;
  return {
    ...empty,
    status: isOpen ? "open" : "closed",
    openReasons: isOpen ? ["listing-not-settled"] : [],
    totals: { ...empty.totals, records: 10, recordings: 2, stored: 2, bytes: 100, ...totals },
  };
}

/** An archive of 27 days, the last one open, with the index that a run has written; `change` may tamper with both. */
async function archiveWith(change: (archive: Bucket, index: DayIndex) => Promise<unknown> = async () => {}) {
  const [archive, state] = [memoryBucket(), memoryBucket()];
  const entries: DayIndex["days"] = {};
  for (const day of days) {
    const manifest = manifestOf(day);
    const etag = await archive.put(keys.manifest(account, day), toBody(JSON.stringify(manifest)), "application/json");
    entries[day] = { etag, status: manifest.status, counts: dayTotals(manifest) };
  }
  const index: DayIndex = {
    ...{ schema: "nightshift/day-index/1", account, rules: "", walkedAt: now().toISOString() },
    days: entries,
  };
  await change(archive, index);
  await state.put(keys.dayIndex(account), zippedJson(index), "application/gzip");
  const gets: string[] = [];
  const counting: Bucket = {
    ...archive,
    get: (key) => {
      gets.push(key);
      return archive.get(key);
    },
  };
  return { archive: counting, state, gets };
}

const write = (bucket: Bucket, key: string, value: unknown) =>
  bucket.put(key, toBody(JSON.stringify(value)), "application/json");

describe("reading how an archive stands", () => {
  test("passes on that S3 denies a bucket, whichever it is", async () => {
    const { archive, state } = await archiveWith();
    const denied = async () => {
      throw new JobError("STORAGE_FAILED", "GetObject answered 403 AccessDenied");
    };
    const options = { archive, state, account, now };

    await expect(readStatus({ ...options, archive: { ...archive, get: denied } })).rejects.toThrow("403");
    await expect(readStatus({ ...options, state: { ...state, get: denied } })).rejects.toThrow("403");
  });

  test("refuses an account without days, and a bucket without archive", async () => {
    const empty = memoryBucket();

    await expect(readStatus({ archive: empty, state: empty, account, now })).rejects.toThrow("There are no days");
    await expect(readStatus({ archive: empty, state: undefined, account: undefined, now })).rejects.toThrow(
      "The bucket holds no archive",
    );
  });

  test("counts a manifest that S3 denies like a damaged one, unless S3 denies every one", async () => {
    const { archive } = await archiveWith();
    const denying = (isDenied: (key: string) => boolean): Bucket => ({
      ...archive,
      get: async (key) => {
        if (isDenied(key)) throw new JobError("STORAGE_FAILED", `${key} is denied`);
        return archive.get(key);
      },
    });
    const statusOf = (bucket: Bucket) => readStatus({ archive: bucket, state: undefined, account, now });

    const { sentence } = await statusOf(denying((key) => key === keys.manifest(account, "2026-11-05")));

    expect(sentence).toContain("Complete to 4 Nov; 5 Nov is open; 1 manifest damaged");
    await expect(statusOf(denying((key) => key.startsWith("manifests/")))).rejects.toMatchObject({
      code: "STORAGE_FAILED",
    });
  });

  test("counts the one manifest that it reads and that is unavailable like a damaged one, unless others are, too", async () => {
    const { archive, state } = await archiveWith();
    const newest = keys.manifest(account, days.at(-1) ?? "");
    const without = (isAway: (key: string) => boolean): Bucket => ({
      ...archive,
      get: async (key) => {
        if (isAway(key)) throw new JobError("STORAGE_FAILED", "GetObject answered 500", { retryable: true });
        return archive.get(key);
      },
    });
    const statusOf = (bucket: Bucket) => readStatus({ archive: bucket, state, account, now });

    expect((await statusOf(without((key) => key === newest))).sentence).toContain("1 manifest damaged");
    await expect(statusOf(without((key) => key.startsWith("manifests/")))).rejects.toThrow("answered 500");
  });

  test("counts five denied manifests like damaged ones, whichever are denied first", async () => {
    const { archive } = await archiveWith();
    const denied = new Set([...days.slice(0, 4), ...days.slice(-1)].map((day) => keys.manifest(account, day)));
    const get: Bucket["get"] = async (key) => {
      if (denied.has(key)) throw new JobError("STORAGE_FAILED", `${key} is denied`);
      return archive.get(key);
    };

    const { sentence } = await readStatus({ archive: { ...archive, get }, state: undefined, account, now });

    expect(sentence).toContain("5 manifests damaged");
  });

  test("counts a damaged manifest, and says that it needs verifying", async () => {
    const { archive, state } = await archiveWith((bucket) =>
      bucket.put(keys.manifest(account, "2026-11-05"), toBody("{"), "application/json"),
    );

    const report = await readStatus({ archive, state, account, now });

    expect(report.sentence).toBe(
      "Complete to 4 Nov; 5 Nov is open; 1 manifest damaged; see verifying in docs/operations.md.",
    );
  });

  test("reads manifests that the index does not know as they are: changed, open, or without totals", async () => {
    const { archive, state, gets } = await archiveWith(async (bucket, index) => {
      await write(bucket, keys.manifest(account, "2026-11-05"), manifestOf("2026-11-05", { lost: 1 }));
      index.days["2026-11-06"] = { ...index.days["2026-11-06"], status: "open" };
      index.days["2026-11-07"] = { etag: index.days["2026-11-07"]?.etag, status: "closed", counts: { calls: 10 } };
    });

    const report = await readStatus({ archive, state, account, now });

    const read = ["2026-11-05", "2026-11-06", "2026-11-07", lastDay].map((day) => keys.manifest(account, day));
    expect(gets.toSorted()).toEqual(read);
    expect(report.sentence).toBe("Complete to 26 Nov; 1 recording lost; see recordings-lost in docs/operations.md.");
  });

  test("ignores the index of another account, and one that is damaged", async () => {
    const other = await archiveWith(async (_archive, index) => {
      index.account = "8";
    });
    const damaged = await archiveWith();
    await damaged.state.put(keys.dayIndex(account), toBody("{"), "application/gzip");

    for (const { archive, state, gets } of [other, damaged]) {
      expect((await readStatus({ archive, state, account, now })).sentence).toBe("Complete to 26 Nov; nothing to do.");
      expect(gets).toHaveLength(days.length);
    }
  });

  test("reads no closed manifest that the index knows", async () => {
    const { archive, state, gets } = await archiveWith();

    const report = await readStatus({ archive, state, account, now });

    expect(gets).toEqual([keys.manifest(account, lastDay)]);
    expect(report).toMatchObject({ source: "index", manifestsRead: 1, runs: [], limits: { isAssumed: true } });
  });

  test("counts the days of a pause by the clock that a response of the archive has set", async () => {
    const { archive, state } = await archiveWith();
    await write(state, stateKeys.pause("archive-calls"), { nonce: "n", isPaused: true, since: "2026-11-20T12:00:00Z" });
    let isSet = false;
    const late: Bucket = {
      ...archive,
      get: async (key) => {
        await new Promise((resolve) => setImmediate(resolve));
        isSet = true;
        return archive.get(key);
      },
    };

    const report = await readStatus({ archive: late, state, account, now: () => (isSet ? now() : new Date(0)) });

    expect(report.pauses).toEqual([{ job: "archive-calls", since: "2026-11-20T12:00:00Z", days: 8 }]);
  });

  test("is the same without a state bucket, from every manifest", async () => {
    const { archive, state } = await archiveWith();

    const byIndex = await readStatus({ archive, state, account, now });
    const byManifests = await readStatus({ archive, state: undefined, account, now });

    expect(byManifests.calls).toEqual(byIndex.calls);
    expect(byManifests).toMatchObject({ source: "manifests", manifestsRead: days.length, runs: undefined });
  });

  test("counts days that a run has begun and that have no manifest yet", async () => {
    const { archive, state } = await archiveWith(async (_archive, index) => {
      for (const day of daysBetween("2026-10-25", "2026-11-01")) index.days[day] = { status: "open" };
    });

    expect((await readStatus({ archive, state, account, now })).sentence).toBe(
      "No day is complete yet; 7 days between 25 Oct and 31 Oct are open; nothing to do.",
    );
  });

  test("knows account, runs and limits from the state bucket", async () => {
    const { archive, state } = await archiveWith();
    const retention = { daysToFetch: 30 };
    await write(state, stateKeys.account, { id: account, heavyPerMinute: 40, retention });
    const [since, ended] = ["2026-11-28T03:30:00.000Z", "2026-11-28T04:00:00.000Z"];
    await write(state, stateKeys.owner("archive-calls"), { nonce: "n", run: "r1", since });
    await write(state, stateKeys.owner("build-tables"), { nonce: "n", run: "r2", since: ended, ended });

    const report = await readStatus({ archive, state, account: undefined, now });

    expect(report).toMatchObject({
      account,
      limits: { heavyPerMinute: 40, daysToFetch: 30, isAssumed: false },
      runs: [
        { job: "archive-calls", run: "r1", isAtWork: true, hasFailed: false, at: since },
        { job: "build-tables", run: "r2", isAtWork: false, hasFailed: false, at: ended },
      ],
    });
  });

  test("says that no run has begun the days since the newest", async () => {
    const { archive, state } = await archiveWith();
    const later = () => new Date(`${addDays(lastDay, 4)}T12:00:00Z`);

    expect((await readStatus({ archive, state, account, now: later })).sentence).toBe(
      "Complete to 26 Nov; no run has begun a day after 27 Nov; see did-not-run in docs/operations.md.",
    );
  });
});
