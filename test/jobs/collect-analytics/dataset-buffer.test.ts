import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type Bucket, toBody } from "../../../shared/aws/bucket.ts";
import { analyticsAggregate } from "../../../shared/core/analytics/analytics-aggregate.ts";
import type { AnalyticsQuery } from "../../../shared/core/analytics/analytics-query.ts";
import { archiveKeys, stateKeys } from "../../../shared/core/object-keys.ts";
import { addDays, type Day } from "../../../shared/core/time/days.ts";
import { JobError } from "../../../shared/errors.ts";
import { createDatasetBuffer } from "../../../shared/jobs/collect-analytics/dataset-buffer.ts";
import { listRunQueries } from "../../../shared/jobs/collect-analytics/run-queries.ts";
import type { AnalyticsServices } from "../../../shared/jobs/collect-analytics/services.ts";
import { createDayStore } from "../../../shared/storage/day-store.ts";
import { silentLog } from "../../support/runtime/silent-log.ts";
import { memoryBucket } from "../../support/storage/memory-bucket.ts";

const account = "7";
const run = { name: "run", manual: false };
const at = "2026-11-10T08:45:00.000Z";
const queryOf = (day: Day): AnalyticsQuery => ({ group: "Users", interval: "Day", from: day, to: addDays(day, 1) });
const days = (count: number) => Array.from({ length: count }, (_, n) => addDays("2026-11-01", n));

interface BufferWorld {
  /** Time at every look at the clock, in seconds after the first. @default always the first */
  readonly clock?: readonly number[];
  readonly nextWindowInSeconds?: number;
  readonly maxHeldBytes?: number;
  readonly archive?: (bucket: Bucket) => Bucket;
}

/** Opens a buffer. `put` stores a page as a run does, and `stored` returns the days whose dataset is in the archive. */
async function openBuffer({
  clock = [],
  nextWindowInSeconds,
  archive = (bucket) => bucket,
  ...options
}: BufferWorld = {}) {
  const buckets = { archive: memoryBucket(), state: memoryBucket() };
  const pagesRead: string[] = [];
  const seconds = [0, ...clock];
  const atSecond = (second: number) => new Date(Date.parse(at) + second * 1_000);
  const now = () => atSecond((seconds.length > 1 ? seconds.shift() : seconds[0]) ?? 0);
  const state: Bucket = {
    ...buckets.state,
    get: (key) => {
      if (key.includes("/responses/")) pagesRead.push(key);
      return buckets.state.get(key);
    },
  };
  const rules = { groups: ["Users" as const], recollectDays: 3 };
  const aggregate = analyticsAggregate(rules);
  const storage = { archive: archive(buckets.archive), state, timeZone: "UTC", run };
  const store = createDayStore({ ...storage, aggregate, account, now: () => new Date(at) });
  const services: Partial<AnalyticsServices> = {
    ...{ ...storage, rules, aggregate, log: silentLog, now, dayStore: () => store },
    nextWindowAt: () => (nextWindowInSeconds === undefined ? undefined : atSecond(nextWindowInSeconds)),
  };
  const runQueries = await listRunQueries(state, account, run.name);
  const buffer = createDatasetBuffer(services as AnalyticsServices, account, runQueries, options);
  return {
    ...{ buffer, pagesRead, runQueries },
    put: async (day: Day, { page = 1, pages = 1, isDamaged = false } = {}) => {
      const records = [{ key: `${page}`, counters: { allCalls: { valueType: "Instances", values: 3 } } }];
      const paging = { page, perPage: 1, totalPages: pages, totalElements: pages };
      const zipped = gzipSync(isDamaged ? "{}" : JSON.stringify({ paging, data: { groupedBy: "Users", records } }));
      const query = queryOf(day);
      await state.put(stateKeys.responsePage({ account, run: run.name, query }, page), toBody(zipped), "");
      buffer.hold(query, page, zipped);
      if (page === pages) buffer.add({ ...query, run: run.name, at, pages, metrics: ["allCalls"] });
      return zipped.length;
    },
    stored: async () => {
      const found = [];
      for (const day of days(10))
        if (await buckets.archive.head(archiveKeys.responses(account, day, queryOf(day)))) found.push(day);
      return found;
    },
  };
}

test("held pages are not read from S3", async () => {
  const { buffer, put, stored, pagesRead, runQueries } = await openBuffer();
  for (const day of days(2)) for (const page of [1, 2]) await put(day, { page, pages: 2 });

  await buffer.store();

  expect(await stored()).toEqual(days(2));
  expect(days(2).every((day) => runQueries.isStored(queryOf(day)))).toBe(true);
  expect(pagesRead).toEqual([]);
});

test("pages beyond its room are read from S3, and all are stored", async () => {
  const { buffer, put, stored, pagesRead } = await openBuffer({ maxHeldBytes: 1_000 });
  const bytes: number[] = [];
  for (const day of days(8)) bytes.push(await put(day));

  await buffer.store();

  expect(await stored()).toEqual(days(8));
  expect(pagesRead).toHaveLength(8 - Math.floor(1_000 / (bytes[0] ?? 0)));
  expect(pagesRead.length).toBeGreaterThan(0);
});

test("nothing is stored shortly before the next rate window begins: the step `store` does it", async () => {
  const { buffer, put, stored, runQueries } = await openBuffer({ nextWindowInSeconds: 1 });
  for (const day of days(2)) await put(day);

  await buffer.store();

  expect(await stored()).toEqual([]);
  expect(runQueries.isStored(queryOf(days(1)[0] ?? ""))).toBe(false);
});

test("storing ends within a query when the next rate window is near, and leaves that query as it was", async () => {
  const { buffer, put, stored } = await openBuffer({ clock: [0, 0, 0, 0, 0, 59], nextWindowInSeconds: 60 });
  await put("2026-11-01");
  for (const page of [1, 2, 3, 4]) await put("2026-11-02", { page, pages: 4 });
  await put("2026-11-03");

  await buffer.store();

  expect(await stored()).toEqual(["2026-11-01"]);
});

test("without a rate window to wait for, it stores for a minute at most", async () => {
  const { buffer, put, stored } = await openBuffer({ clock: [0, 0, 61] });
  for (const day of days(3)) await put(day);

  await buffer.store();

  expect(await stored()).toEqual(days(1));
});

test("a query that cannot be stored keeps no other from being stored, and is left unstored", async () => {
  const { buffer, put, stored, runQueries } = await openBuffer();
  const [first = "", second = "", third = ""] = days(3);
  await put(first);
  await put(second, { isDamaged: true });
  await put(third);

  await buffer.store();

  expect(await stored()).toEqual([first, third]);
  expect([first, second, third].map((day) => runQueries.isStored(queryOf(day)))).toEqual([true, false, true]);
});

test("if S3 is unavailable, it stores no further query and throws nothing", async () => {
  const attempts: string[] = [];
  const { buffer, put, stored } = await openBuffer({
    archive: (bucket) => ({
      ...bucket,
      replace: async (key) => {
        attempts.push(key);
        throw new JobError("STORAGE_FAILED", "S3 is unavailable", { retryable: true });
      },
    }),
  });
  for (const day of days(3)) await put(day);

  await buffer.store();

  expect(await stored()).toEqual([]);
  expect(attempts).toHaveLength(1);
});
