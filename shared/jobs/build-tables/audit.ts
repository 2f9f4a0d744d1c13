import { DerivedPrefix } from "../../contract.ts";
import { type Finding, finding, inBucket } from "../../core/finding.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import { parseTableKey } from "../../core/tables/table-key.ts";
import { tableNames } from "../../core/tables/table-schema.ts";
import type { Day } from "../../core/time/days.ts";
import { hasCode } from "../../errors.ts";
import type { AuditedDerivation, DerivationBuckets, DerivedDay } from "../../storage/audited-derivation.ts";
import { type BuiltDay, type FoundIndex, findBuildIndex } from "../../storage/build-index.ts";
import { onlyAsNamed } from "../../storage/only-as-named.ts";
import { openDayTables } from "./day-tables.ts";
import { fillTables } from "./fill-tables.ts";
import { type DayManifests, readSource } from "./read-manifests.ts";
import { isSourceOf, listSources } from "./source-version.ts";

/** How tables are audited. */
export const auditedDerivation: AuditedDerivation = {
  prefixes: [DerivedPrefix.tables],
  dayOf: (key) => parseTableKey(key)?.day,
  open: async (buckets) => {
    const index = await findBuildIndex(buckets.derived, buckets.account);
    if (index.type === "of-another-account") return { findings: [], days: undefined };
    const manifests = await listSources(buckets.archive, buckets.account);
    const days = new Map<Day, DerivedDay>();
    for (const day of manifests.keys()) days.set(day, { isBuilt: false, references: [] });
    for (const [day, built] of index.days) {
      // A day that lost its manifests is never built again: its tables stay as they are.
      const isBuilt = isSourceOf(built.source, manifests, day) || !manifests.has(day);
      days.set(day, { isBuilt, references: referencesOf(day, built) });
    }
    const rebuild = {
      keysOf: (day: Day) => tableNames.map((table) => derivedKeys.table(table, day)),
      build: (day: Day) => rebuildDay(buckets, day, index.days.get(day)),
    };
    return { findings: indexFindings(index), days, rebuild };
  },
};

function referencesOf(day: Day, { tables }: BuiltDay) {
  return [...tables].map(([table, written]) => ({ key: derivedKeys.table(table, day), ...written }));
}

function objectsOf({ calls, analytics }: DayManifests) {
  return [calls?.calls, ...(analytics?.datasets ?? []).map(({ object }) => object)].filter(
    (each) => each !== undefined,
  );
}

/** A missing index, or one of another form, is no finding: the next run builds every day. */
function indexFindings({ type }: FoundIndex): Finding[] {
  if (type !== "invalid") return [];
  return [inBucket("derived", finding("object-corrupt", derivedKeys.tablesBuildIndex, "it is not a build index"))];
}

async function rebuildDay({ archive, account }: DerivationBuckets, day: Day, known: BuiltDay | undefined) {
  const tables = openDayTables();
  try {
    const source = await readSource(archive, account, day);
    if (!known || known.source !== source.version) return undefined;
    await fillTables(onlyAsNamed(archive, objectsOf(source)), source, tables);
    const finished = await tables.finish(known.tables);
    return new Map([...finished].map(([table, { sha256 }]) => [derivedKeys.table(table, day), sha256]));
  } catch (error) {
    if (hasCode(error, "STORAGE_INVALID")) return undefined;
    throw error;
  } finally {
    await tables.discard();
  }
}
