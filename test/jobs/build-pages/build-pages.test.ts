import { describe, expect, test } from "vitest";
import { toBody } from "../../../shared/aws/bucket.ts";
import { DayFigures } from "../../../shared/core/figures/day-figures.ts";
import { aggregateKeys, derivedKeys } from "../../../shared/core/object-keys.ts";
import { JobError } from "../../../shared/errors.ts";
import { updateCachedAccount } from "../../../shared/storage/cached-account.ts";
import { parseStored, storedJson, zippedJson } from "../../../shared/storage/stored-json.ts";
import { pagesIn, withTables } from "../../support/build-pages/pages-world.ts";
import { runPages } from "../../support/build-pages/run-pages.ts";
import { runTables } from "../../support/build-tables/run-tables.ts";
import { type SampleRecord, sampleDay } from "../../support/build-tables/sample-days.ts";
import { account, memoryBuckets, openTablesWorld } from "../../support/build-tables/tables-world.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;
const [first, second] = days;

describe("without anything to show", () => {
  test("a run before any other job has run writes nothing", async () => {
    const buckets = memoryBuckets();

    const { error, metrics } = await runPages(buckets);

    expect([error, metrics]).toEqual([undefined, {}]);
    expect((await pagesIn(buckets)).size).toBe(0);
  });

  test("a run before any table was built writes an index that says so", async () => {
    const world = await openTablesWorld();

    const { error } = await runPages(world);

    expect(error).toBeUndefined();
    expect([...(await pagesIn(world)).keys()]).toEqual(["index.html"]);
    expect((await pagesIn(world)).get("index.html")).toContain("No calls are archived yet.");
  });
});

describe("one bad day does not stop the others", () => {
  const denied = new JobError("STORAGE_FAILED", "403");

  test.each([
    ["whose table S3 denies", derivedKeys.table("calls", second), second, "1 day could not be counted"],
    [
      ...(["whose analytics manifest S3 denies", aggregateKeys.analytics.manifest(account, second)] as const),
      ...([second, "1 day could not be counted"] as const),
    ],
    ["whose figures S3 does not take", derivedKeys.figures(second), second, "1 day could not be counted"],
    [
      ...(["whose page S3 does not take", derivedKeys.page(`${second}.html`)] as const),
      ...([`${second}.html`, "1 page could not be written"] as const),
    ],
  ])("%s", async (_what, key, name, what) => {
    const world = await withTables(days);
    const refuse = (asked: string) => (asked === key ? Promise.reject(denied) : undefined);
    const derived = {
      ...world.derived,
      open: async (asked: string) => (await refuse(asked)) ?? world.derived.open(asked),
      put: async (...args: Parameters<typeof world.derived.put>) =>
        (await refuse(args[0])) ?? world.derived.put(...args),
    };

    const archive = {
      ...world.archive,
      get: async (...args: Parameters<typeof world.archive.get>) =>
        (await refuse(args[0])) ?? world.archive.get(...args),
    };

    const { error, lines } = await runPages({ ...world, archive, derived });
    const next = await runPages(world);

    expect(error).toMatchObject({ code: "DAYS_INCOMPLETE", details: { failed: 1, first: name } });
    expect(error?.message).toBe(`${what}, the first is ${name}`);
    expect(lines.filter(({ message }) => message === "page building failed")).toHaveLength(1);
    expect([...(await pagesIn(world)).keys()]).toContain(`${first}.html`);
    expect(next.error).toBeUndefined();
    expect([...(await pagesIn(world)).keys()]).toContain(`${second}.html`);
  });
});

describe("the figures of a day", () => {
  test.each([first, second])("are those of its calls, recordings and analytics: %s", async (day) => {
    const world = await withTables(days);

    await runPages(world);

    const figures = parseStored(DayFigures, await world.derived.get(derivedKeys.figures(day)));
    const { records, recordings } = sampleDay(day, 12);
    expect(figures?.calls).toMatchObject(truth(records));
    expect(figures?.recordings).toMatchObject({
      stored: recordings.filter(({ state }) => state === "stored").length,
      pending: recordings.filter(({ state }) => state === "pending").length,
      lost: recordings.filter(({ state }) => state === "lost").length,
    });
    expect(figures?.recordings.stored).toBeGreaterThan(0);
    expect(Object.keys(figures?.analytics ?? {}).length).toBeGreaterThan(0);
  });
});

/** Counts sessions as a person would. */
function truth(records: readonly SampleRecord[]) {
  const counted = records.filter(({ type, deleted }) => type === "Voice" && !deleted);
  const sessionsOf = (direction: string, result?: RegExp) =>
    new Set(
      counted
        .filter((each) => each.direction === direction && (result?.test(each.result) ?? true))
        .map(({ sessionId }) => sessionId),
    );
  const answered = sessionsOf("Inbound", /^Accepted$/);
  const inbound = sessionsOf("Inbound");
  return {
    inbound: inbound.size,
    outbound: sessionsOf("Outbound").size,
    connected: sessionsOf("Outbound", /^Accepted$/).size,
    outcomes: { answered: answered.size, missed: inbound.size - answered.size },
  };
}

describe("a day whose call log was not listed", () => {
  test("has no figures of calls on its page, is no day without calls, and is in no sum", async () => {
    const world = await withTables([first]);
    await world.give({ ...sampleDay(second, 12), records: undefined });
    await runTables(world);

    const { error } = await runPages(world);

    const pages = await pagesIn(world);
    expect(error).toBeUndefined();
    expect(pages.get(`${second}.html`)).toContain("No figures yet");
    expect(pages.get(`${second}.html`)).not.toContain("No calls");
    expect(pages.get("week-2026-11-01.html")).toContain("So far: 1 of 7 days.");
    expect(pages.get("index.html")).not.toContain(`href="${second}.html"`);
  });

  test("is no day without calls when its manifest is damaged, either", async () => {
    const world = await withTables([first]);
    await world.give({ ...sampleDay(second, 12), records: [], isListed: false });
    await runTables(world);
    await world.archive.put(aggregateKeys.calls.manifest(account, second), toBody("{"), "application/json");

    await runPages(world);

    const pages = await pagesIn(world);
    expect(pages.get(`${second}.html`)).toContain("No figures yet");
    expect(pages.get("week-2026-11-01.html")).toContain("So far: 1 of 7 days.");
  });
});

test("an index with a day that does not exist is read as none: everything is written again", async () => {
  const world = await withTables(days);
  await runPages(world);
  const stored = await world.derived.get(derivedKeys.pagesBuildIndex);
  const index = storedJson(stored?.body ?? Buffer.alloc(0)) as { readonly days: Record<string, unknown> };
  index.days["2026-13-01"] = index.days[first];
  await world.derived.put(derivedKeys.pagesBuildIndex, zippedJson(index), "application/gzip");

  const { error, metrics } = await runPages(world);

  expect([error, metrics.PagesWritten]).toEqual([undefined, 6]);
});

test("each day, its week, its month and the index have a page, and a run without a change writes none", async () => {
  const world = await withTables(days);

  const { metrics } = await runPages(world);
  const again = await runPages(world);

  expect([...(await pagesIn(world)).keys()].sort()).toEqual(
    [...days.map((day) => `${day}.html`), "index.html", "month-2026-11.html", "week-2026-11-01.html"].sort(),
  );
  expect(metrics.PagesWritten).toBe(6);
  expect([again.metrics.PagesWritten, again.error]).toEqual([undefined, undefined]);
});

test("pages of another account's tables are not built", async () => {
  const world = await withTables(days);
  const { state } = memoryBuckets();
  const other = { ...(await openTablesWorld({ ...world, state })), derived: world.derived };
  await updateCachedAccount(state, { id: `${account}1` });

  await runPages(other);

  expect([...(await pagesIn(world)).keys()]).toEqual(["index.html"]);
});
