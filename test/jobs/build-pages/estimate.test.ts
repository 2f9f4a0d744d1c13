import { expect, test } from "vitest";
import { estimatePages } from "../../../shared/jobs/build-pages/estimate.ts";
import { withTables } from "../../support/build-pages/pages-world.ts";
import { runPages } from "../../support/build-pages/run-pages.ts";
import { runTables } from "../../support/build-tables/run-tables.ts";
import { sampleDay } from "../../support/build-tables/sample-days.ts";
import { memoryBuckets } from "../../support/build-tables/tables-world.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
const nothing = { days: [] };

test("before any run of any job nothing is estimated, and a requested day has no tables", async () => {
  const world = memoryBuckets();

  expect(await estimatePages(world, nothing)).toMatchObject({ days: 0, withoutTables: [], hints: [] });
  expect(await estimatePages(world, { days: ["2026-11-02"] })).toMatchObject({
    ...{ days: 0, withoutTables: ["2026-11-02"] },
    hints: [expect.stringContaining("Run build-tables first")],
  });
});

test("before the first pages every day with tables counts", async () => {
  expect(await estimatePages(await withTables(days), nothing)).toMatchObject({ days: 3, withoutTables: [], hints: [] });
});

test("after a run no day counts until its tables change, and a requested day counts once", async () => {
  const world = await withTables(days);
  await runPages(world);
  const unchanged = await estimatePages(world, nothing);
  await world.give(sampleDay("2026-11-02", 20));
  await runTables(world);

  expect(unchanged.days).toBe(0);
  expect((await estimatePages(world, nothing)).days).toBe(1);
  expect((await estimatePages(world, { days: ["2026-11-02"] })).days).toBe(1);
  expect((await estimatePages(world, { days: ["2026-11-02", "2026-11-03"] })).days).toBe(2);
});
