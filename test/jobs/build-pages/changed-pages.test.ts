import { beforeAll, describe, expect, test } from "vitest";
import { toBody } from "../../../shared/aws/bucket.ts";
import { addDays, daysBetween } from "../../../shared/core/time/days.ts";
import { pagesIn, withTables } from "../../support/build-pages/pages-world.ts";
import { runPages } from "../../support/build-pages/run-pages.ts";
import { runTables } from "../../support/build-tables/run-tables.ts";
import { sampleDay } from "../../support/build-tables/sample-days.ts";
import { openTablesWorld, type TablesWorld } from "../../support/build-tables/tables-world.ts";

const [from, to] = ["2026-10-16", "2026-11-04"] as const;
const days = daysBetween(from, to);

/** Runs the job, and returns the files whose page it wrote. */
async function written(world: TablesWorld, options?: Parameters<typeof runPages>[1]): Promise<readonly string[]> {
  const files: string[] = [];
  const derived: TablesWorld["derived"] = {
    ...world.derived,
    put: (key, ...rest) => {
      if (key.startsWith("pages/")) files.push(key.slice("pages/".length));
      return world.derived.put(key, ...rest);
    },
  };
  const { error } = await runPages({ ...world, derived }, options);
  expect(error).toBeUndefined();
  return files.sort();
}

let someWeeks: TablesWorld;
beforeAll(async () => {
  someWeeks = await withTables(days, 1);
  await runPages(someWeeks);
});

/** An archive of nineteen days in four weeks and two months, whose pages are written. */
async function withPages(): Promise<TablesWorld> {
  const world = await openTablesWorld();
  for (const bucket of ["archive", "state", "derived"] as const)
    for await (const { key } of someWeeks[bucket].list(""))
      await world[bucket].put(key, toBody((await someWeeks[bucket].get(key))?.body ?? ""), "");
  return world;
}

describe("only pages that show something else are written again:", () => {
  test("a day that changed: itself, the same weekdays of eight weeks after it, and the weeks and months that show it", async () => {
    const world = await withPages();
    const changed = "2026-10-20";
    await world.give(sampleDay(changed, 20));
    await runTables(world);

    const sameWeekdays = [0, 7, 14].map((count) => `${addDays(changed, count)}.html`);
    expect(await written(world)).toEqual(
      [
        ...sameWeekdays,
        ...["week-2026-10-18.html", "week-2026-10-25.html", "month-2026-10.html", "month-2026-11.html", "index.html"],
      ].sort(),
    );
  });

  test("a new day: itself, its neighbour, which links to it, its week and month, and the index", async () => {
    const world = await withPages();
    await world.give(sampleDay(to, 12));
    await runTables(world);

    expect(await written(world)).toEqual([
      ...["2026-11-03.html", "2026-11-04.html", "index.html", "month-2026-11.html", "week-2026-11-01.html"],
    ]);
  });

  test("another status: the newest day, week and month, and the index", async () => {
    const world = await withPages();
    await world.state.put("pauses/archive-calls.json", toBody("{"), "");

    expect(await written(world)).toEqual([
      ...["2026-11-03.html", "index.html", "month-2026-11.html", "week-2026-11-01.html"],
    ]);
  });

  test("requested days: their pages, their weeks and months", async () => {
    const world = await withPages();

    expect(await written(world, { request: { days: ["2026-10-21"] } })).toEqual([
      ...["2026-10-21.html", "month-2026-10.html", "week-2026-10-18.html"],
    ]);
  });

  test("another setting: all of them, with weeks from Monday where that is usual, and nothing of the others remains", async () => {
    const world = await withPages();
    const style = { locale: "de-DE", timeZone: "America/New_York", people: "none" };

    const files = await written(world, { services: { style } });

    const pages = await pagesIn(world);
    expect(files.filter((file) => /^\d/.test(file))).toHaveLength(days.length);
    expect(files).toContain("week-2026-10-19.html");
    expect(pages.get("week-2026-10-18.html")).toContain("This page is not written any more");
    expect(await written(world, { services: { style } })).toEqual([]);
  });
});
