import { runTables } from "./run-tables.ts";
import { sampleDay } from "./sample-days.ts";
import { openTablesWorld, type TablesWorld, tablesIn } from "./tables-world.ts";

export const [first, second, third] = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;

export async function threeDays(): Promise<TablesWorld> {
  const world = await openTablesWorld();
  for (const day of [first, second, third]) await world.give(sampleDay(day, 12));
  return world;
}

/** Returns the tables of an undisturbed run. */
export async function tablesOfUndisturbed(): Promise<Readonly<Record<string, string>>> {
  const world = await threeDays();
  await runTables(world);
  return tablesIn(world.derived);
}
