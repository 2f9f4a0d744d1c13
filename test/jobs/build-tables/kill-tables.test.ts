import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Bucket } from "../../../shared/aws/bucket.ts";
import { derivedKeys } from "../../../shared/core/object-keys.ts";
import { emptyTally } from "../../../shared/core/whose-fault.ts";
import { buildDays, incompleteTables } from "../../../shared/jobs/build-tables/build-days.ts";
import { findDaysToBuild } from "../../../shared/jobs/build-tables/find-days-to-build.ts";
import type { ItemsCursor } from "../../../shared/runtime/items.ts";
import { workThrough } from "../../../shared/runtime/work-through.ts";
import { breakConnection, withObservedKeys } from "../../support/build-tables/observed-bucket.ts";
import { runTables } from "../../support/build-tables/run-tables.ts";
import { sampleDay } from "../../support/build-tables/sample-days.ts";
import { openTablesWorld, type TablesWorld, tablesIn } from "../../support/build-tables/tables-world.ts";
import { workOff } from "../../support/runtime/work-off.ts";

const days = ["2026-10-31", "2026-11-01", "2026-11-02", "2026-11-03"].map((day, n) => sampleDay(day, 3 * n));

async function fourDays(): Promise<TablesWorld> {
  const world = await openTablesWorld();
  for (const day of days) await world.give(day);
  return world;
}

/** Returns what a run leaves: every table's hash, and the build index. */
async function leftBy({ derived }: { readonly derived: Bucket }) {
  return { tables: await tablesIn(derived), note: (await derived.get(derivedKeys.tablesBuildIndex))?.body.toString() };
}

let undisturbed: Awaited<ReturnType<typeof leftBy>>;
beforeAll(async () => {
  const world = await fourDays();
  await runTables(world);
  undisturbed = await leftBy(world);
});

describe("a run that is stopped and started again leaves the same as an undisturbed one,", () => {
  test("wherever S3 was unavailable, before an operation or within it", async () => {
    const breach = fc.record({ operation: fc.integer({ min: 1, max: 70 }), when: fc.constantFrom("before", "after") });
    await fc.assert(
      fc.asyncProperty(breach as fc.Arbitrary<Parameters<typeof breakConnection>[0]>, async (at) => {
        const world = await fourDays();
        const broken = breakConnection(at);
        const { archive, state, derived } = world;
        await runTables({ archive: broken(archive), state: broken(state), derived: broken(derived) });

        const { error } = await runTables(world);

        expect(error).toBeUndefined();
        expect(await leftBy(world)).toEqual(undisturbed);
      }),
      { numRuns: 20 },
    );
  });

  test("wherever its container dies, at the edge of a step or within it", async () => {
    const kill = fc.record({
      operation: fc.nat({ max: 5 }),
      when: fc.constantFrom("before" as const, "within" as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(kill, { maxLength: 6 }), async (kills) => {
        const world = await fourDays();

        const { report } = await runTables(world, { kills });

        expect(report?.status).toBe("finished");
        expect(await leftBy(world)).toEqual(undisturbed);
      }),
      { numRuns: 8 },
    );
  });
});

describe("a slice that ends early", () => {
  const metrics = { add: () => {}, set: () => {}, publish: () => {} };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const noted = { days: [], rebuild: false };
  const slice = { now: () => new Date(), maxSliceMs: 240_000 };

  test("continues at its cursor after the days that were done", async () => {
    const world = await fourDays();
    const found = await findDaysToBuild(world, { days: [], rebuild: true });
    if (!found) throw new Error("there is an account");
    const first = await buildDays({ ...world, metrics, log }, found);
    let cursor: ItemsCursor | undefined;
    for await (cursor of workThrough({ ...first, maxUnsaved: 1 }, slice)) break;
    const archive = withObservedKeys(world.archive);

    await workOff(buildDays({ ...world, archive: archive.bucket, metrics, log }, found), cursor);

    expect(cursor?.tally.done).toBe(1);
    expect(archive.keys("open").filter((key) => key.includes(found.days[0] ?? ""))).toEqual([]);
    expect(await leftBy(world)).toEqual(undisturbed);
  });

  test("keeps the days that could not be built, with which the run fails in the end", async () => {
    const world = await fourDays();
    const found = await findDaysToBuild(world, noted);
    if (!found) throw new Error("there is an account");
    const row = { result: "", count: 0 };
    const tally = { ...emptyTally, attempted: 1, failed: 1, firstFailed: found.days[0] };
    const first = {
      slice: 1,
      next: 1,
      undecided: [],
      signs: { api: 0, storage: 0 },
      beginsWithOne: false,
      unavailableSlices: 0,
      streaks: [],
    };

    const cursors = await workOff(buildDays({ ...world, metrics, log }, found), { ...first, row, tally });

    const error = incompleteTables(cursors.at(-1)?.tally ?? emptyTally);
    expect(error).toMatchObject({ code: "DAYS_INCOMPLETE", details: { days: 1, first: found.days[0] } });
  });

  test("and is repeated from its beginning reads no calls of the days in the build index", async () => {
    const world = await fourDays();
    const found = await findDaysToBuild(world, noted);
    if (!found) throw new Error("there is an account");
    await workOff(buildDays({ ...world, metrics, log }, found));
    const [archive, derived] = [withObservedKeys(world.archive), withObservedKeys(world.derived)];
    const observed = { ...world, archive: archive.bucket, derived: derived.bucket };

    await workOff(buildDays({ ...observed, metrics, log }, found));

    expect([archive.keys("open"), derived.keys("replace")]).toEqual([[], []]);
  });
});
