import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { derivedKeys } from "../../../shared/core/object-keys.ts";
import { storedJson } from "../../../shared/storage/stored-json.ts";
import { pagesIn, withTables } from "../../support/build-pages/pages-world.ts";
import { runPages } from "../../support/build-pages/run-pages.ts";
import { breakConnection } from "../../support/build-tables/observed-bucket.ts";
import type { TablesWorld } from "../../support/build-tables/tables-world.ts";

const days = ["2026-10-31", "2026-11-01", "2026-11-02"];

/** What a run leaves: every page, and the index of what was written. */
async function leftBy(world: TablesWorld) {
  const index = await world.derived.get(derivedKeys.pagesBuildIndex);
  return { pages: await pagesIn(world), index: index && storedJson(index.body) };
}

let undisturbed: Awaited<ReturnType<typeof leftBy>>;
beforeAll(async () => {
  const world = await withTables(days);
  await runPages(world);
  undisturbed = await leftBy(world);
});

describe("a run that is stopped and started again leaves the same pages as an undisturbed one,", () => {
  test("wherever S3 was unavailable, before an operation or within it", async () => {
    const breach = fc.record({
      operation: fc.integer({ min: 1, max: 60 }),
      when: fc.constantFrom("before" as const, "after" as const),
    });
    await fc.assert(
      fc.asyncProperty(breach, async (at) => {
        const world = await withTables(days);
        const broken = breakConnection(at);
        const { archive, state, derived } = world;
        await runPages({ archive: broken(archive), state: broken(state), derived: broken(derived) });

        const { error } = await runPages(world);

        expect(error).toBeUndefined();
        expect(await leftBy(world)).toEqual(undisturbed);
      }),
      { numRuns: 15 },
    );
  });

  test("wherever its container dies, at the edge of a step or within it", async () => {
    const kill = fc.record({
      operation: fc.nat({ max: 7 }),
      when: fc.constantFrom("before" as const, "within" as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(kill, { minLength: 1, maxLength: 3 }), async (kills) => {
        const world = await withTables(days);

        const { error } = await runPages(world, { kills });

        expect(error).toBeUndefined();
        expect(await leftBy(world)).toEqual(undisturbed);
      }),
      { numRuns: 15 },
    );
  });
});
