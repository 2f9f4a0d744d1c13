import * as z from "zod/mini";
import { type Bucket, toBody } from "../aws/bucket.ts";
import { derivedKeys } from "../core/object-keys.ts";
import { type TableName, tableNames, tablesForm } from "../core/tables/table-schema.ts";
import type { Day } from "../core/time/days.ts";
import { type FoundType, findDerivedIndex } from "./derived-index.ts";

/** A table of one day as it was written. */
export interface BuiltTable {
  readonly etag: string;
  readonly bytes: number;
  /** Base64. */
  readonly sha256: string;
}

/** A day's tables, and the version of the manifests from which they were built. */
export interface BuiltDay {
  readonly source: string;
  readonly tables: ReadonlyMap<TableName, BuiltTable>;
}

/**
 * From which manifests each day's tables were built, and which bytes they have. It is stored beside the tables: if both are
 * lost, every day is built again, with the same bytes.
 */
export interface BuildIndex {
  readonly days: ReadonlyMap<Day, BuiltDay>;
  readonly set: (day: Day, built: BuiltDay) => void;
  readonly write: () => Promise<void>;
}

/** ETag, bytes and SHA-256, without names: an index has thousands of them. */
const StoredTable = z.tuple([z.string(), z.number(), z.string()]);

const StoredIndex = z.object({
  form: z.literal(tablesForm),
  account: z.string(),
  days: z.record(
    z.string(),
    z.object({ source: z.string(), tables: z.partialRecord(z.enum(tableNames), StoredTable) }),
  ),
});
type StoredIndex = z.infer<typeof StoredIndex>;

/** The days of a build index, by what was found. */
export interface FoundIndex {
  readonly type: FoundType;
  readonly days: ReadonlyMap<Day, BuiltDay>;
}

/** Reads the days of the build index. A missing or invalid one, or another account's, has none. @throws STORAGE_FAILED */
export async function findBuildIndex(derived: Pick<Bucket, "get">, account: string): Promise<FoundIndex> {
  const options = { key: derivedKeys.tablesBuildIndex, form: tablesForm, account, schema: StoredIndex };
  const { type, index } = await findDerivedIndex(derived, options);
  return { type, days: new Map(Object.entries(index?.days ?? {}).map(parseDay)) };
}

/** Reads the build index, to add to it. */
export async function readBuildIndex(derived: Bucket, account: string): Promise<BuildIndex> {
  const days = new Map((await findBuildIndex(derived, account)).days);
  let isWritten = true;
  return {
    days,
    set: (day, built) => {
      days.set(day, built);
      isWritten = false;
    },
    write: async () => {
      if (isWritten) return;
      isWritten = true;
      const stored = Object.fromEntries([...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(formatDay));
      const next: StoredIndex = { form: tablesForm, account, days: stored };
      await derived.put(derivedKeys.tablesBuildIndex, toBody(`${JSON.stringify(next)}\n`), "application/json");
    },
  };
}

function parseDay([day, { source, tables }]: readonly [Day, StoredIndex["days"][string]]): [Day, BuiltDay] {
  const built = tableNames.flatMap((table): [TableName, BuiltTable][] => {
    const [etag, bytes, sha256] = tables[table] ?? [];
    return etag === undefined || bytes === undefined || sha256 === undefined ? [] : [[table, { etag, bytes, sha256 }]];
  });
  return [day, { source, tables: new Map(built) }];
}

function formatDay([day, { source, tables }]: readonly [Day, BuiltDay]) {
  const stored = [...tables].map(([table, { etag, bytes, sha256 }]) => [table, [etag, bytes, sha256]]);
  return [day, { source, tables: Object.fromEntries(stored) }] as const;
}
