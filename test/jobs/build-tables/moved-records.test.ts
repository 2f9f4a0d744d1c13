import { expect, test } from "vitest";
import { type Bucket, toBody } from "../../../shared/aws/bucket.ts";
import { CallManifest } from "../../../shared/core/calls/call-manifest.ts";
import { aggregateKeys, archiveKeys } from "../../../shared/core/object-keys.ts";
import { JobError } from "../../../shared/errors.ts";
import { readMovedRecords } from "../../../shared/jobs/build-tables/moved-records.ts";
import { withObservedKeys } from "../../support/build-tables/observed-bucket.ts";
import { runTables } from "../../support/build-tables/run-tables.ts";
import {
  account,
  type GivenDay,
  openTablesWorld,
  type TablesWorld,
  tablesIn,
} from "../../support/build-tables/tables-world.ts";

const [before, day, after] = ["2026-11-02", "2026-11-03", "2026-11-04"] as const;
const few = Array.from({ length: 30 }, (_, n) => ({ id: `call-${n}`, startTime: `${day}T15:00:00.000Z` }));
const moved = { id: "X", startTime: `${day}T05:00:05.000Z` };
const listedEarlier = { id: "X", startTime: `${day}T04:59:50.000Z` };

async function worldOf(...days: readonly GivenDay[]): Promise<TablesWorld> {
  const world = await openTablesWorld();
  for (const each of days) await world.give(each);
  return world;
}

async function movedOf({ archive }: Pick<TablesWorld, "archive">): Promise<string[]> {
  const stored = await archive.get(aggregateKeys.calls.manifest(account, day));
  return [...(await readMovedRecords(archive, CallManifest.parse(JSON.parse(String(stored?.body)))))];
}

test.each([before, after])("a record that this day's listing lacks and %s lists has moved", async (neighbour) => {
  const world = await worldOf(
    { day, records: [moved, ...few], missing: ["X"] },
    { day: neighbour, records: [listedEarlier] },
  );

  expect(await movedOf(world)).toEqual(["X"]);
});

test("a record that has vanished here and is listed on an adjacent day has moved", async () => {
  const world = await worldOf(
    { day, records: [moved, ...few], vanished: ["X"] },
    { day: before, records: [listedEarlier] },
  );

  expect(await movedOf(world)).toEqual(["X"]);
});

test("a record that no adjacent day lists has not moved", async () => {
  const world = await worldOf(
    { day, records: [moved, ...few], missing: ["X"] },
    { day: before, records: [listedEarlier, ...few.map(({ id }) => ({ id: `other ${id}` }))], missing: ["X"] },
    { day: after, records: few.slice(0, 3) },
  );

  expect(await movedOf(world)).toEqual([]);
});

test("no other day is read while the listing lacks nothing", async () => {
  const world = await worldOf({ day, records: few }, { day: before, records: few });
  const archive = withObservedKeys(world.archive);
  const stored = await world.archive.get(aggregateKeys.calls.manifest(account, day));

  await readMovedRecords(archive.bucket, CallManifest.parse(JSON.parse(String(stored?.body))));

  expect([...archive.keys("get"), ...archive.keys("open")]).toEqual([]);
});

test.each([aggregateKeys.calls.manifest(account, before), archiveKeys.calls(account, before)])(
  "an object of an adjacent day that S3 denies (%s) does not stop this one",
  async (key) => {
    const world = await worldOf(
      { day, records: [moved, ...few], missing: ["X"] },
      { day: before, records: [listedEarlier] },
    );
    const refuse = (read: string) => (read === key ? Promise.reject(new JobError("STORAGE_FAILED", "403")) : undefined);
    const { archive } = world;
    const refusing: Bucket = {
      ...archive,
      get: async (read) => (await refuse(read)) ?? archive.get(read),
      open: async (read) => (await refuse(read)) ?? archive.open(read),
    };

    expect(await movedOf({ archive: refusing })).toEqual([]);
  },
);

test.each([aggregateKeys.calls.manifest(account, before), archiveKeys.calls(account, before)])(
  "a damaged object of an adjacent day (%s) does not stop this one",
  async (key) => {
    const world = await worldOf(
      { day, records: [moved, ...few], missing: ["X"] },
      { day: before, records: [listedEarlier] },
    );
    await world.archive.put(key, toBody("damaged"), "text/plain");

    expect(await movedOf(world)).toEqual([]);
  },
);

test("the tables of a day that lacks a record follow the days beside it, and are else left alone", async () => {
  const world = await worldOf({ day, records: [moved, ...few], missing: ["X"] }, { day: before, records: few });
  await runTables(world);
  const quiet = await runTables(world);
  await world.give({ day: before, records: [listedEarlier, ...few] });

  const night = await runTables(world);
  const next = await runTables(world);

  expect([quiet, night, next].map(({ report }) => report?.result)).toEqual([{ days: 0 }, { days: 2 }, { days: 0 }]);
  const expected = await worldOf(
    { day, records: [moved, ...few], missing: ["X"] },
    { day: before, records: [listedEarlier, ...few] },
  );
  await runTables(expected);
  expect(await tablesIn(world.derived)).toEqual(await tablesIn(expected.derived));
});
