import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type Bucket, toBody } from "../../../shared/aws/bucket.ts";
import { aggregateKeys, archiveKeys, derivedKeys } from "../../../shared/core/object-keys.ts";
import { JobError } from "../../../shared/errors.ts";
import { observedBucket } from "../../support/build-tables/observed-bucket.ts";
import { runTables } from "../../support/build-tables/run-tables.ts";
import { account, type TablesWorld, tablesIn } from "../../support/build-tables/tables-world.ts";
import { first, second, tablesOfUndisturbed, third, threeDays } from "../../support/build-tables/three-days.ts";

const text = "application/octet-stream";

const builtDays = async ({ derived }: TablesWorld) => [
  ...new Set(Object.keys(await tablesIn(derived)).map((key) => /day=([\d-]+)/.exec(key)?.[1])),
];

describe("a damaged object fails only its own day", () => {
  const calls = archiveKeys.calls(account, second);
  const manifest = aggregateKeys.calls.manifest(account, second);
  const responsesKey = archiveKeys.responses(account, second, { group: "Queues", interval: "Day" });

  test.each([
    ["the day's calls are no gzip", calls, "not gzip"],
    ["the day's calls are no JSON", calls, gzipSync("no JSON\n")],
    ["the day's manifest is invalid", manifest, "{}"],
    ["the day's manifest is another day's", manifest, undefined],
    ["the day's responses are no gzip", responsesKey, "not gzip"],
    ["the day's responses are no JSON", responsesKey, gzipSync("no JSON\n")],
  ])("if %s", async (_what, key, content) => {
    const world = await threeDays();
    const other = (await world.archive.get(aggregateKeys.calls.manifest(account, third)))?.body;
    await world.archive.put(key, toBody(content ?? other ?? ""), text);

    const { error, logged } = await runTables(world);

    expect(error).toMatchObject({ code: "DAYS_INCOMPLETE", details: { days: 1, first: second } });
    expect(logged).toContain("table building failed");
    expect(await builtDays(world)).toEqual([first, third]);
  });

  test("if an object that a manifest references is gone", async () => {
    const world = await threeDays();
    const gone = observedBucket(world.archive, () => {});
    const archive = { ...gone, open: async (key: string) => (key === calls ? undefined : world.archive.open(key)) };

    const { error } = await runTables({ ...world, archive });

    expect(error).toMatchObject({ code: "DAYS_INCOMPLETE" });
    expect(await builtDays(world)).toEqual([first, third]);
  });

  test.each([calls, manifest, responsesKey])("if S3 denies a read of %s", async (key) => {
    const world = await threeDays();
    const refuse = (read: string) => (read === key ? Promise.reject(new JobError("STORAGE_FAILED", "403")) : undefined);
    const archive = {
      ...world.archive,
      get: async (read: string) => (await refuse(read)) ?? world.archive.get(read),
      open: async (read: string) => (await refuse(read)) ?? world.archive.open(read),
    };

    const { error } = await runTables({ ...world, archive });

    expect(error).toMatchObject({ code: "DAYS_INCOMPLETE", details: { days: 1, first: second } });
    expect(await builtDays(world)).toEqual([first, third]);
  });

  const denied = new JobError("STORAGE_FAILED", "403");
  const away = new JobError("STORAGE_FAILED", "503", { retryable: true });
  const tableKey = derivedKeys.table("calls", second);

  test.each([
    ["denies the HEAD of", "head", denied],
    ["denies the write of", "replace", denied],
    ["always fails the HEAD of", "head", away],
    ["always fails the write of", "replace", away],
  ] as const)("if S3 %s one of its tables", async (_what, operation, error) => {
    const world = await threeDays();
    const fail = async (key: string) => {
      if (key === tableKey) throw error;
    };
    const derived: Bucket = {
      ...world.derived,
      head: async (key) => (operation === "head" && (await fail(key))) || world.derived.head(key),
      replace: async (key, ...write) =>
        (operation === "replace" && (await fail(key))) || world.derived.replace(key, ...write),
    };

    const run = await runTables({ ...world, derived });

    expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE", details: { days: 1, first: second } });
    expect(await builtDays(world)).toEqual(expect.arrayContaining([first, third]));
    expect(Object.keys(await tablesIn(world.derived))).not.toContain(tableKey);
  });

  test("if S3 denies the write of the build index, which belongs to no day: every table is written, and the run reports it", async () => {
    const world = await threeDays();
    const derived: Bucket = { ...world.derived, put: () => Promise.reject(denied) };

    const run = await runTables({ ...world, derived });

    expect(run.error).toMatchObject({ code: "STORAGE_FAILED" });
    expect(await builtDays(world)).toEqual([first, second, third]);
  });

  test.each(["calls", "analytics"] as const)(
    "if the %s manifest has a time zone that does not exist",
    async (aggregate) => {
      const world = await threeDays();
      const key = aggregateKeys[aggregate].manifest(account, second);
      const known = JSON.parse(String((await world.archive.get(key))?.body));
      await world.archive.put(key, toBody(JSON.stringify({ ...known, timeZone: "America/Nowhere" })), text);

      const { error } = await runTables(world);

      expect(error).toMatchObject({ code: "DAYS_INCOMPLETE", details: { days: 1, first: second } });
      expect(await builtDays(world)).toEqual([first, third]);
    },
  );

  test("until it is restored: the next run builds that day alone", async () => {
    const world = await threeDays();
    const whole = (await world.archive.get(calls))?.body ?? "";
    await world.archive.put(calls, toBody("not gzip"), text);
    await runTables(world);
    await world.archive.put(calls, toBody(whole), text);

    const { error, report } = await runTables(world);

    expect([error, report?.result]).toEqual([undefined, { days: 1 }]);
    expect(await builtDays(world)).toEqual([first, second, third]);
  });
});

test.each([
  ["STORAGE_FAILED", new JobError("STORAGE_FAILED", "S3 does not answer")],
  ["DAYS_INCOMPLETE", new TypeError("nothing had foreseen it")],
])("a run that cannot write fails with %s, and the next one does the rest", async (code, failure) => {
  const world = await threeDays();
  const tried: string[] = [];
  const replace = (key: string) => {
    tried.push(key);
    return Promise.reject(failure);
  };

  const { error } = await runTables({ ...world, derived: { ...world.derived, replace } });

  expect([error?.code, new Set(tried.map((key) => /day=([\d-]+)/.exec(key)?.[1])).size]).toEqual([code, 3]);
  expect((await runTables(world)).report?.result).toEqual({ days: 3 });
});

test("a table that another run writes in between is read again before it is replaced", async () => {
  const world = await threeDays();
  const key = derivedKeys.table("calls", second);
  let meddled = false;
  const derived = observedBucket(world.derived, (when, operation, on) => {
    if (when !== "before" || operation !== "replace" || on !== key || meddled) return;
    meddled = true;
    void world.derived.put(key, toBody("of another run, which knew more or less"), text);
  });

  const { report } = await runTables({ ...world, derived });

  expect([meddled, report?.status]).toEqual([true, "finished"]);
  expect(await tablesIn(world.derived)).toEqual(await tablesOfUndisturbed());
});
