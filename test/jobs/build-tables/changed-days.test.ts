import { describe, expect, test } from "vitest";
import { toBody } from "../../../shared/aws/bucket.ts";
import { aggregateKeys, derivedKeys } from "../../../shared/core/object-keys.ts";
import { createParquetEncoder } from "../../../shared/jobs/build-tables/parquet.ts";
import { openS3 } from "../../support/aws/open-s3.ts";
import { withObservedKeys } from "../../support/build-tables/observed-bucket.ts";
import { runTables } from "../../support/build-tables/run-tables.ts";
import { sampleDay } from "../../support/build-tables/sample-days.ts";
import {
  account,
  memoryBuckets,
  openTablesWorld,
  type TablesWorld,
  tablesIn,
} from "../../support/build-tables/tables-world.ts";
import { first, second, tablesOfUndisturbed, third, threeDays } from "../../support/build-tables/three-days.ts";

const text = "application/octet-stream";

describe("build-tables does only what has changed:", () => {
  test("nothing, while no other job has cached an account", async () => {
    const { report, logged } = await runTables(memoryBuckets());

    expect(report).toMatchObject({ status: "finished", result: { days: 0 } });
    expect(logged).toContain("no days selected: no other job has run");
  });

  test("no day for a key that is no manifest's, anywhere among the manifests", async () => {
    const world = await threeDays();
    await runTables(world);
    const manifest = aggregateKeys.calls.manifest(account, first);
    const strays = [`${manifest}.bak`, manifest.replace("date=", "old/date="), `${manifest}/date=2026-10-09.json`];
    for (const key of strays) await world.archive.put(key, toBody("{}"), "application/json");

    expect((await runTables(world)).report?.result).toEqual({ days: 0 });
  });

  test("it reads only listings and indexes if no manifest has changed", async () => {
    const world = await threeDays();
    await runTables(world);
    const archive = withObservedKeys(world.archive);
    const derived = withObservedKeys(world.derived);

    const { report } = await runTables({ ...world, archive: archive.bucket, derived: derived.bucket });

    expect(report?.result).toEqual({ days: 0 });
    expect(archive.keys("list")).toHaveLength(2);
    for (const operation of ["get", "open", "head", "put", "create", "replace"] as const) {
      expect(archive.keys(operation)).toEqual([]);
    }
    expect(new Set(derived.keys("get"))).toEqual(new Set([derivedKeys.tablesBuildIndex]));
    expect(derived.keys("list")).toHaveLength(1);
    for (const operation of ["open", "head", "put", "create", "replace"] as const)
      expect(derived.keys(operation)).toEqual([]);
  });

  test("it builds a day whose manifest has changed, and writes only its changed tables", async () => {
    const world = await threeDays();
    await runTables(world);
    const day = sampleDay(second, 12);
    const recordings = day.recordings.map((entry) => ({
      ...entry,
      attempts: [{ run: "night", at: "2026-11-05", result: "unavailable" as const }],
    }));
    await world.give({ ...day, recordings });
    const derived = withObservedKeys(world.derived);

    const { report, metrics } = await runTables({ ...world, derived: derived.bucket });

    expect(report?.result).toEqual({ days: 1 });
    expect(derived.keys("replace")).toEqual([derivedKeys.table("recordings", second)]);
    expect(metrics.TablesWritten).toBe(1);
  });

  test("it writes nothing for a change of a manifest that no table contains, and does not read it again", async () => {
    const world = await threeDays();
    await runTables(world);
    await world.give({ ...sampleDay(second, 12), vanished: ["a record of another day"] });

    expect(await runTables(world)).toMatchObject({ report: { result: { days: 1 } }, metrics: { TablesWritten: 0 } });
    expect((await runTables(world)).report?.result).toEqual({ days: 0 });
  });

  test("it builds every day, with the same files, if the build index is lost, damaged, of another form or of another account", async () => {
    const world = await threeDays();
    await runTables(world);
    const note = JSON.parse((await world.derived.get(derivedKeys.tablesBuildIndex))?.body.toString() ?? "");
    expect(Object.keys(note.days)).toEqual([first, second, third]);
    for (const odd of ["{", "[]", JSON.stringify({ ...note, form: 0 }), JSON.stringify({ ...note, account: "8" })]) {
      await world.derived.put(derivedKeys.tablesBuildIndex, toBody(odd), text);

      const { report, metrics } = await runTables(world);

      expect([report?.result, metrics.TablesWritten]).toEqual([{ days: 3 }, 0]);
    }
  });

  test("it builds every day, with the same files, if the derived bucket was emptied", async () => {
    const world = await threeDays();
    await runTables(world);

    const emptied = { ...world, derived: memoryBuckets().derived };
    const { report } = await runTables(emptied);

    expect(report?.result).toEqual({ days: 3 });
    expect(await tablesIn(emptied.derived)).toEqual(await tablesIn(world.derived));
  });

  test("it does the same over S3, where a second run writes no object", async () => {
    const { aws, ...buckets } = await openS3();
    const world = await openTablesWorld(buckets);
    await world.give(sampleDay(second, 12));
    await runTables(world);
    const before = aws.counters().puts.stored;

    const { report, metrics } = await runTables(world, { request: { rebuild: true } });

    expect([report?.result, metrics.TablesWritten, aws.counters().puts.stored]).toEqual([{ days: 1 }, 0, before + 1]);
    expect(await tablesIn(world.derived)).toMatchObject(
      Object.fromEntries(Object.entries(await tablesOfUndisturbed()).filter(([key]) => key.includes(second))),
    );
  });
});

describe("a day without rows", () => {
  const nothing = { day: second, records: [], recordings: [] };

  test("has no tables", async () => {
    const world = await openTablesWorld();
    await world.give(nothing);

    const { report } = await runTables(world);

    expect([report?.result, await tablesIn(world.derived)]).toEqual([{ days: 1 }, {}]);
  });

  test("has empty ones if it had rows before", async () => {
    const world = await openTablesWorld();
    await world.give({ ...sampleDay(second, 12), responses: undefined });
    await runTables(world);
    await world.give(nothing);

    const { metrics } = await runTables(world);

    expect(metrics.TablesWritten).toBe(3);
    for (const table of ["calls", "legs", "recordings"] as const) {
      const stored = await world.derived.get(derivedKeys.table(table, second));
      expect(stored?.body.equals(createParquetEncoder(table).finish())).toBe(true);
    }
  });
});

describe("an operator may request", () => {
  const order = async (world: TablesWorld, request: object) => {
    const derived = withObservedKeys(world.derived);
    await runTables({ ...world, derived: derived.bucket }, { request });
    return derived.keys("head").flatMap((key) => (key.includes("/calls/") ? [/day=([\d-]+)/.exec(key)?.[1]] : []));
  };

  test("days to come first, and all others follow, the newest first", async () => {
    expect(await order(await threeDays(), { days: [second] })).toEqual([second, third, first]);
  });

  test("days that are not archived, and gets none", async () => {
    expect(await order(await threeDays(), { days: ["2026-10-01"] })).toEqual([third, second, first]);
  });

  test("a day that has not changed, and nothing is done", async () => {
    const world = await threeDays();
    await runTables(world);

    expect(await order(world, { days: [second] })).toEqual([]);
  });

  test("to build it again anyway, or every day", async () => {
    const world = await threeDays();
    await runTables(world);
    const key = derivedKeys.table("legs", second);
    const before = await tablesIn(world.derived);
    await world.derived.put(key, toBody("corrupted"), text);

    expect(await order(world, { days: [second], rebuild: true })).toEqual([second]);
    expect(await tablesIn(world.derived)).toEqual(before);
    expect(await order(world, { rebuild: true })).toEqual([third, second, first]);
  });
});

test("a day whose calls were never listed is not compared, because the call log is unknown", async () => {
  const world = await openTablesWorld(memoryBuckets());
  await world.give({ ...sampleDay(second, 12), isListed: false });

  const { metrics } = await runTables(world);

  expect(metrics.TablesWritten).toBeGreaterThan(0);
  expect(metrics.CallDiscrepancy).toBeUndefined();
});

test("every build of a day counts the calls by which call log and analytics differ", async () => {
  const world = await openTablesWorld();
  await world.give(sampleDay(second, 12));

  const once = await runTables(world);
  const again = await runTables(world, { request: { rebuild: true } });

  // Of ten calls in twelve records one is a fax and none is deleted; the analytics have one less inbound and two more outbound.
  expect([once.metrics.CallDiscrepancy, again.metrics.CallDiscrepancy]).toEqual([2, 2]);
});

test("a run that read an older manifest never replaces the tables of a newer one", async () => {
  const world = await threeDays();
  const newer = sampleDay(second, 12);
  const recordings = newer.recordings.map((entry) => ({
    ...entry,
    attempts: [{ run: "night", at: "2026-11-05", result: "unavailable" as const }],
  }));
  let isOvertaken = false;
  const get: typeof world.archive.get = async (key) => {
    const read = await world.archive.get(key);
    if (key === aggregateKeys.calls.manifest(account, second) && !isOvertaken) {
      isOvertaken = true;
      await world.give({ ...newer, recordings });
      await runTables(world);
    }
    return read;
  };

  await runTables({ ...world, archive: { ...world.archive, get } });

  const expected = await threeDays();
  await expected.give({ ...newer, recordings });
  await runTables(expected);
  expect(isOvertaken).toBe(true);
  expect(await tablesIn(world.derived)).toEqual(await tablesIn(expected.derived));
});
