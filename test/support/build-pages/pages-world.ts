import { runTables } from "../build-tables/run-tables.ts";
import { sampleDay } from "../build-tables/sample-days.ts";
import { openTablesWorld, type TablesWorld } from "../build-tables/tables-world.ts";
import { without } from "../storage/without.ts";

/** Buckets with the tables of these days, each with some calls. */
export async function withTables(days: readonly string[], calls = 12): Promise<TablesWorld> {
  const world = await openTablesWorld();
  for (const day of days) await world.give(sampleDay(day, calls));
  await runTables(world);
  return world;
}

/** A copy of these buckets: what is done to one does not reach the other. */
export async function copyOf({ archive, state, derived }: TablesWorld): Promise<TablesWorld> {
  return openTablesWorld({
    archive: await without(archive),
    state: await without(state),
    derived: await without(derived),
  });
}

/** Pages by file, as text. */
export async function pagesIn({ derived }: Pick<TablesWorld, "derived">): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  for await (const { key } of derived.list("pages/"))
    pages.set(key.slice("pages/".length), (await derived.get(key))?.body.toString() ?? "");
  return pages;
}
