import { describe, expect, test } from "vitest";
import { toBody } from "../../../shared/aws/bucket.ts";
import { aggregateKeys, derivedKeys } from "../../../shared/core/object-keys.ts";
import { spanOf } from "../../../shared/core/time/days.ts";
import { verificationAggregate } from "../../../shared/core/verification-manifest.ts";
import { estimatePages } from "../../../shared/jobs/build-pages/estimate.ts";
import { copyOf, withTables } from "../../support/build-pages/pages-world.ts";
import { pagesStyle, runPages, stackOfPages } from "../../support/build-pages/run-pages.ts";
import { runTables } from "../../support/build-tables/run-tables.ts";
import { sampleDay } from "../../support/build-tables/sample-days.ts";
import { account, memoryBuckets, newYork, type TablesWorld } from "../../support/build-tables/tables-world.ts";
import { once } from "../../support/once.ts";
import { type Buckets, runAt } from "../../support/runtime/run-over-buckets.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
const nothing = { days: [] };
const built = once(() => withTables(days, 4));
const written = once(async () => {
  const world = await copyOf(await built());
  await runPages(world);
  return world;
});

function estimate(buckets: Buckets, request: { readonly days: string[] } = nothing, style = pagesStyle) {
  return estimatePages({ ...buckets, now: () => runAt, timeZone: newYork, stack: stackOfPages, style }, request);
}

test("before any run of any job nothing is estimated, and a requested day has no tables", async () => {
  const buckets = memoryBuckets();

  expect(await estimate(buckets)).toMatchObject({ days: 0, pages: 0, withoutTables: [], hints: [] });
  expect(await estimate(buckets, { days: ["2026-11-02"] })).toMatchObject({
    ...{ days: 0, pages: 0, withoutTables: ["2026-11-02"] },
    hints: [expect.stringContaining("Run build-tables first")],
  });
});

test("before the first pages every day with tables counts", async () => {
  expect(await estimate(await copyOf(await built()))).toMatchObject({ days: 3, withoutTables: [], hints: [] });
});

test("after a run no day counts until its tables change, and a requested day counts once", async () => {
  const world = await copyOf(await written());
  const unchanged = await estimate(world);
  await world.give(sampleDay("2026-11-02", 20));
  await runTables(world);

  expect(unchanged).toMatchObject({ days: 0, pages: 0 });
  expect((await estimate(world)).days).toBe(1);
  expect((await estimate(world, { days: ["2026-11-02"] })).days).toBe(1);
  expect((await estimate(world, { days: ["2026-11-02", "2026-11-03"] })).days).toBe(2);
});

/** Stores the report of a night's verification with one finding. */
async function findSomething({ archive }: TablesWorld) {
  const empty = verificationAggregate.empty(account, "2026-11-04", newYork, spanOf("2026-11-04", newYork));
  const report = { ...empty, endedAt: "2026-11-05T08:00:00.000Z", findingCount: 1 };
  const key = aggregateKeys.verifications.manifest(account, "2026-11-04");
  await archive.put(key, toBody(JSON.stringify(report)), "application/json");
}

const german = { ...pagesStyle, locale: "de-DE" };

describe("a run reads and writes exactly the days and pages of its estimate", () => {
  test.each<[string, (world: TablesWorld) => unknown, { readonly style?: typeof german; readonly days?: string[] }]>([
    ["the tables of a day have changed", ({ give }) => give(sampleDay("2026-11-02", 20)), {}],
    ["a day is new", ({ give }) => give(sampleDay("2026-11-04", 9)), {}],
    ["the setting pages has changed, although no day is read", () => {}, { style: german }],
    ["a verification found something, although no day is read", findSomething, {}],
    [
      "a page was changed",
      ({ derived }) => derived.put(derivedKeys.page("2026-11-01.html"), toBody("x"), "text/html"),
      {},
    ],
    [
      "figures were changed",
      ({ derived }) => derived.put(derivedKeys.figures("2026-11-01"), toBody("x"), "text/html"),
      {},
    ],
    ["a day is requested", () => {}, { days: ["2026-11-01"] }],
  ])("when %s", async (_what, change, { style = pagesStyle, days: requested = [] }) => {
    const world = await copyOf(await written());
    await change(world);
    await runTables(world);

    const expected = await estimate(world, { days: requested }, style);
    const { report, lines } = await runPages(world, { request: { days: requested }, services: { style } });

    const read = lines.find(({ message }) => message === "days selected")?.facts;
    expect(read).toEqual({ days: expected.days });
    expect(report?.result).toEqual({ pages: expected.pages });
    expect(expected.days + expected.pages).toBeGreaterThan(0);
  });

  test("and on the first night", async () => {
    const world = await copyOf(await built());

    const { days: toRead, pages } = await estimate(world);

    expect(toRead).toBe(3);
    expect((await runPages(world)).report?.result).toEqual({ pages });
  });
});
