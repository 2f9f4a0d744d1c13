import { derivedKeys } from "../../core/object-keys.ts";
import { totalDifference } from "../../core/tables/discrepancy.ts";
import type { TableName } from "../../core/tables/table-schema.ts";
import type { Day } from "../../core/time/days.ts";
import type { BuiltDay } from "../../storage/build-index.ts";
import { retryLostRace } from "../../storage/lost-race.ts";
import { openDayTables, readStoredTables, type StoredTables, writeTables } from "./day-tables.ts";
import { fillTables } from "./fill-tables.ts";
import { TablesMetric } from "./metrics.ts";
import { type DaySource, readSource } from "./read-manifests.ts";
import type { TablesServices } from "./services.ts";

export interface DayToBuild {
  readonly account: string;
  readonly day: Day;
  /** What the build index knows of the day. */
  readonly known: BuiltDay | undefined;
  /** True to build the day even if nothing has changed. */
  readonly rebuild: boolean;
}

/**
 * Builds a day's tables from the objects in its manifests, and writes those that are not stored so. Reads no calls if
 * neither the manifests nor the tables have changed.
 */
export async function buildDay(services: TablesServices, { account, day, known, rebuild }: DayToBuild) {
  return retryLostRace(`The tables of ${day}`, async () => {
    // Read before the manifests, so that a run with older manifests cannot overwrite newer tables.
    const storedTables = await readStoredTables(services.derived, day);
    const source = await readSource(services.archive, account, day);
    if (known?.source === source.version) {
      const damaged = damagedTables(known, storedTables);
      for (const table of damaged)
        services.log.warn("table damaged", { day, table, key: derivedKeys.table(table, day) });
      if (damaged.length === 0 && !rebuild) return { value: withStoredEtags(known, storedTables) };
    }
    const built = await writeDay(services, day, source, storedTables);
    return built && { value: built };
  });
}

/** Returns the tables that are missing, have other bytes than were written, or were added by someone else. */
function damagedTables({ tables }: BuiltDay, storedTables: StoredTables): TableName[] {
  const names = new Set([...tables.keys(), ...storedTables.keys()]);
  return [...names].filter((table) => {
    const sha256 = storedTables.get(table)?.sha256;
    return sha256 === undefined || sha256 !== tables.get(table)?.sha256;
  });
}

/** Under KMS a copy of the same bytes has another ETag. */
function withStoredEtags({ source, tables }: BuiltDay, storedTables: StoredTables): BuiltDay {
  const stored = [...tables].map(
    ([name, table]) => [name, { ...table, etag: storedTables.get(name)?.etag ?? table.etag }] as const,
  );
  return { source, tables: new Map(stored) };
}

/** Returns undefined if another run has written one of the tables since. */
async function writeDay(
  { archive, derived, metrics, log }: TablesServices,
  day: Day,
  source: DaySource,
  storedTables: StoredTables,
): Promise<BuiltDay | undefined> {
  const dayTables = openDayTables();
  try {
    const differences = await fillTables(archive, source, dayTables);
    const finished = await dayTables.finish(storedTables);
    const result = await writeTables(derived, { day, finished, storedTables });
    if (!result) return undefined;
    const { tables, written } = result;
    const discrepancy = differences.length > 0 ? { callDiscrepancy: totalDifference(differences) } : {};
    metrics.add(TablesMetric.tablesWritten, written);
    if (differences.length > 0) metrics.add(TablesMetric.callDiscrepancy, totalDifference(differences));
    log.info("tables built", { day, written, ...discrepancy });
    return { source: source.version, tables };
  } finally {
    await dayTables.discard();
  }
}
