import { beforeAll, describe, expect, test } from "vitest";
import { type Bucket, toBody } from "../../../shared/aws/bucket.ts";
import { aggregateKeys, archiveKeys, derivedKeys } from "../../../shared/core/object-keys.ts";
import type { TableName } from "../../../shared/core/tables/table-schema.ts";
import { estimateTables } from "../../../shared/jobs/build-tables/estimate.ts";
import { altered } from "../../support/audit/tamper.ts";
import { withObservedKeys } from "../../support/build-tables/observed-bucket.ts";
import { runTables } from "../../support/build-tables/run-tables.ts";
import { account, type TablesWorld, tablesIn } from "../../support/build-tables/tables-world.ts";
import { first, second, tablesOfUndisturbed, third, threeDays } from "../../support/build-tables/three-days.ts";
import { without } from "../../support/storage/without.ts";

const parquet = "application/vnd.apache.parquet";
const key = derivedKeys.table("calls", second);

let undisturbed: Readonly<Record<string, string>>;
beforeAll(async () => {
  undisturbed = await tablesOfUndisturbed();
});

async function built(): Promise<TablesWorld> {
  const world = await threeDays();
  await runTables(world);
  return world;
}

async function overwrite({ derived }: TablesWorld, change: (bytes: Buffer) => Buffer, table: TableName = "calls") {
  const at = derivedKeys.table(table, second);
  const stored = await derived.get(at);
  await derived.put(at, toBody(change(stored?.body ?? Buffer.from(""))), parquet);
}

const damages: readonly [string, (world: TablesWorld) => Promise<TablesWorld>][] = [
  ["was overwritten", async (world) => overwrite(world, () => Buffer.from("forged")).then(() => world)],
  ["has other bytes of the same size", async (world) => overwrite(world, altered).then(() => world)],
  [
    "has the rows of another day",
    async (world) => {
      const other = await world.derived.get(derivedKeys.table("calls", third));
      return overwrite(world, () => other?.body ?? Buffer.from("")).then(() => world);
    },
  ],
  ["was removed", async (world) => ({ ...world, derived: await without(world.derived, key) })],
];

describe.each(damages)("a table that %s", (_damage, damage) => {
  test("is named by the next run, which builds its day again and writes nothing else", async () => {
    const world = await damage(await built());
    const derived = withObservedKeys(world.derived);

    const run = await runTables({ ...world, derived: derived.bucket });

    expect(run.damaged).toEqual([`${second} calls`]);
    expect(run.report?.result).toEqual({ days: 1 });
    expect([...derived.keys("replace"), ...derived.keys("put")]).toEqual([key, derivedKeys.tablesBuildIndex]);
    expect(await tablesIn(world.derived)).toEqual(undisturbed);
  });

  test("is whole again after one run: the next finds nothing to do", async () => {
    const world = await damage(await built());
    await runTables(world);

    const { report, damaged } = await runTables(world);

    expect([report?.result, damaged]).toEqual([{ days: 0 }, []]);
  });

  test("is counted by the estimate", async () => {
    const world = await damage(await built());

    expect(await estimateTables(world, { days: [], rebuild: false })).toMatchObject({ days: 1, firstDay: second });
  });
});

test("a damaged table is named even if its day cannot be built, and stays due", async () => {
  const world = await built();
  await overwrite(world, altered);
  const archive = await without(world.archive, archiveKeys.calls(account, second));

  const night = await runTables({ ...world, archive });
  const restored = await runTables(world);

  expect([night.damaged, night.error?.code]).toEqual([[`${second} calls`], "DAYS_INCOMPLETE"]);
  expect([restored.damaged, restored.error]).toEqual([[`${second} calls`], undefined]);
  expect(await tablesIn(world.derived)).toEqual(undisturbed);
});

test("calls of a closed day that someone else has changed reach no table, and fail the night until they are restored", async () => {
  const world = await threeDays();
  const manifest = aggregateKeys.calls.manifest(account, second);
  const open = JSON.parse((await world.archive.get(manifest))?.body.toString() ?? "");
  await world.archive.put(manifest, toBody(JSON.stringify({ ...open, status: "closed" })), "application/json");
  await runTables(world);
  const calls = archiveKeys.calls(account, second);
  const own = (await world.archive.get(calls))?.body ?? Buffer.from("");
  const other = (await world.archive.get(archiveKeys.calls(account, third)))?.body ?? Buffer.from("");
  await world.archive.put(calls, toBody(other), "application/gzip");
  await overwrite(world, altered);
  const damaged = await tablesIn(world.derived);

  const night = await runTables(world);
  const left = await tablesIn(world.derived);
  await world.archive.put(calls, toBody(own), "application/gzip");
  const restored = await runTables(world);

  expect([night.error?.code, restored.error]).toEqual(["DAYS_INCOMPLETE", undefined]);
  expect(left).toEqual(damaged);
  expect(await tablesIn(world.derived)).toEqual(undisturbed);
});

test("a table that was added to a day without rows of it is named and overwritten by an empty one", async () => {
  const world = await threeDays();
  await world.give({ day: first, records: [], recordings: [] });
  await world.give({ day: first, responses: [] });
  await runTables(world);
  const forged = derivedKeys.table("legs", first);
  const legs = await world.derived.get(derivedKeys.table("legs", third));
  await world.derived.put(forged, toBody(legs?.body ?? ""), parquet);

  const night = await runTables(world);
  const next = await runTables(world);

  expect(night.damaged).toEqual([`${first} legs`]);
  expect((await world.derived.get(forged))?.body.equals(legs?.body ?? Buffer.from(""))).toBe(false);
  expect([next.report?.result, next.damaged]).toEqual([{ days: 0 }, []]);
});

test("a copied table with the same bytes and another ETag is not damaged: its new ETag is kept, and nothing is built", async () => {
  const world = await built();
  const copied: Bucket = {
    ...world.derived,
    head: async (each) => {
      const head = await world.derived.head(each);
      return head && { ...head, etag: `copy of ${head.etag}` };
    },
    list: async function* (prefix) {
      for await (const object of world.derived.list(prefix)) yield { ...object, etag: `copy of ${object.etag}` };
    },
  };
  const archive = withObservedKeys(world.archive);

  const night = await runTables({ ...world, derived: copied, archive: archive.bucket });
  const next = await runTables({ ...world, derived: copied });

  expect([night.report?.result, night.damaged, night.metrics.TablesWritten]).toEqual([{ days: 3 }, [], undefined]);
  expect(archive.keys("open")).toEqual([]);
  expect(next.report?.result).toEqual({ days: 0 });
});

test("keys under tables/ that are no table's make no day due", async () => {
  const world = await built();
  for (const stray of [
    `${key}.bak`,
    "tables/reports/day=2026-11-02/reports.parquet",
    "tables/calls/day=2026-13-01/calls.parquet",
  ])
    await world.derived.put(stray, toBody("x"), parquet);

  expect((await runTables(world)).report?.result).toEqual({ days: 0 });
});
