import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { toBody } from "../../../shared/aws/bucket.ts";
import { analyticsAggregate } from "../../../shared/core/analytics/analytics-aggregate.ts";
import { archiveKeys, stateKeys } from "../../../shared/core/object-keys.ts";
import { type FetchedQuery, readResponsePages } from "../../../shared/jobs/collect-analytics/response-pages.ts";
import type { AnalyticsServices } from "../../../shared/jobs/collect-analytics/services.ts";
import { storeDataset } from "../../../shared/jobs/collect-analytics/store-dataset.ts";
import { createDayStore } from "../../../shared/storage/day-store.ts";
import { silentLog } from "../../support/runtime/silent-log.ts";
import { memoryBucket } from "../../support/storage/memory-bucket.ts";

const account = "7";
const [day, next] = ["2026-11-03", "2026-11-04"];
const query = { group: "Users", interval: "Day", from: day, to: next } as const;
const fetched: FetchedQuery = { ...query, run: "run", at: "2026-11-04T08:45:00.000Z", pages: 2, metrics: ["allCalls"] };

/** Stores two pages of two users each with these totals. Returns whether anything was stored. */
async function fileTotals(...totals: readonly [number, number]) {
  const [archive, state] = [memoryBucket(), memoryBucket()];
  for (const [n, totalElements] of totals.entries()) {
    const records = [1, 2].map((user) => ({
      key: `${n}${user}`,
      counters: { allCalls: { valueType: "Instances", values: 3 } },
    }));
    const page = {
      paging: { page: n + 1, perPage: 2, totalPages: 2, totalElements },
      data: { groupedBy: "Users", records },
    };
    const key = stateKeys.responsePage({ account, run: "run", query }, n + 1);
    await state.put(key, toBody(gzipSync(JSON.stringify(page))), "application/gzip");
  }
  const rules = { groups: ["Users" as const], recollectDays: 3 };
  const aggregate = analyticsAggregate(rules);
  const run = { name: "run", manual: false };
  const now = () => new Date(fetched.at);
  const store = createDayStore({ archive, state, aggregate, account, timeZone: "UTC", run, now });
  const services: Partial<AnalyticsServices> = {
    ...{ archive, state, rules, aggregate, timeZone: "UTC", log: silentLog, run, now },
    dayStore: () => store,
  };
  const pages = readResponsePages({ state, timeZone: "UTC" }, account, fetched);
  const storing = storeDataset(services as AnalyticsServices, account, fetched, pages);
  const error = await storing.catch((thrown: unknown) => thrown);
  return { error, stored: await archive.head(archiveKeys.responses(account, day, query)) };
}

describe("pages of one dataset", () => {
  test("are stored if they have as many keys as each page says", async () => {
    const { error, stored } = await fileTotals(4, 4);

    expect(error).toBeUndefined();
    expect(stored).toBeDefined();
  });

  test.each([
    [4, 5],
    [3, 4],
    [5, 5],
  ] as const)("are refused if they moved meanwhile: totals of %i and %i, and four keys", async (first, second) => {
    const { error, stored } = await fileTotals(first, second);

    expect(error).toMatchObject({ code: "API_BAD_RESPONSE" });
    expect(stored).toBeUndefined();
  });
});
