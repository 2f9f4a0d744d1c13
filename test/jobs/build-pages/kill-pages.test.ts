import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { derivedKeys } from "../../../shared/core/object-keys.ts";
import { storedJson } from "../../../shared/storage/stored-json.ts";
import { copyOf, pagesIn, withTables } from "../../support/build-pages/pages-world.ts";
import { runPages } from "../../support/build-pages/run-pages.ts";
import { breakConnection, observedBucket } from "../../support/build-tables/observed-bucket.ts";
import type { TablesWorld } from "../../support/build-tables/tables-world.ts";
import { once } from "../../support/once.ts";

/** Of two weeks and two months. */
const days = ["2026-10-31", "2026-11-01"];
const tables = once(() => withTables(days, 4));

/** What a run leaves: every page, and the index of what was written. */
async function leftBy(world: TablesWorld) {
  const index = await world.derived.get(derivedKeys.pagesBuildIndex);
  return { pages: await pagesIn(world), index: index && storedJson(index.body) };
}

const undisturbed = once(async () => {
  const world = await copyOf(await tables());
  const operations: { readonly operation: string; readonly folder: string }[] = [];
  const observed = (bucket: TablesWorld["state"]) =>
    observedBucket(bucket, (when, operation, key) => {
      if (when === "before") operations.push({ operation, folder: key.split("/")[0] ?? "" });
    });
  const { archive, state, derived } = world;
  await runPages({ archive: observed(archive), state: observed(state), derived: observed(derived) });
  return { left: await leftBy(world), operations };
});

/** The numbers of the first and the last write to each folder, and of two reads: the first, and one of the status. */
async function breaches(): Promise<readonly number[]> {
  const { operations } = await undisturbed();
  const numbered = operations.map((each, n) => ({ ...each, number: n + 1 }));
  const writes = numbered.filter(({ operation }) => ["put", "create", "replace"].includes(operation));
  expect([...new Set(writes.map(({ folder }) => folder))]).toEqual(["figures", "built", "pages"]);
  const ofFolders = [...Map.groupBy(writes, ({ folder }) => folder).values()];
  const firstPage = writes.find(({ folder }) => folder === "pages")?.number ?? 0;
  return [
    1,
    firstPage - 20,
    ...ofFolders.flatMap((ofFolder) => [ofFolder[0]?.number ?? 0, ofFolder.at(-1)?.number ?? 0]),
  ];
}

describe("a run that is stopped and started again leaves the same pages as an undisturbed one,", () => {
  test("wherever S3 was unavailable, before an operation or within it", async () => {
    const { left } = await undisturbed();

    for (const [n, operation] of (await breaches()).entries()) {
      const world = await copyOf(await tables());
      const broken = breakConnection({ operation, when: n % 2 === 0 ? "before" : "after" });
      const { archive, state, derived } = world;
      await runPages({ archive: broken(archive), state: broken(state), derived: broken(derived) });

      const { error } = await runPages(world);

      expect([operation, error]).toEqual([operation, undefined]);
      expect(await leftBy(world)).toEqual(left);
    }
  });

  test("wherever its container dies, at the edge of a step or within it", async () => {
    const kill = fc.record({
      operation: fc.nat({ max: 7 }),
      when: fc.constantFrom("before" as const, "within" as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(kill, { minLength: 1, maxLength: 3 }), async (kills) => {
        const world = await copyOf(await tables());

        const { error } = await runPages(world, { kills });

        expect(error).toBeUndefined();
        expect(await leftBy(world)).toEqual((await undisturbed()).left);
      }),
      { numRuns: 8 },
    );
  });
});
