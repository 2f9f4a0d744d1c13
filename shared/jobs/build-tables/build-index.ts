import * as z from "zod/mini";
import { type Bucket, toBody } from "../../aws/bucket.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import { tablesForm } from "../../core/tables/table-schema.ts";
import type { Day } from "../../core/time/days.ts";
import { parseStored } from "../../storage/stored-json.ts";

/**
 * Source versions from which each day's tables were built. It is stored beside the tables: if both are lost, every day is
 * built again, with the same bytes.
 */
export interface BuildIndex {
  /** Returns the source version of a day's tables; undefined if they were not built. */
  readonly sourceVersionOf: (day: Day) => string | undefined;
  readonly set: (day: Day, version: string) => void;
  readonly write: () => Promise<void>;
}

const StoredIndex = z.object({
  /** An index of another form or account is ignored. */
  form: z.literal(tablesForm),
  account: z.string(),
  days: z.record(z.string(), z.string()),
});

/** Reads the build index. A missing or invalid one, or another account's, is empty, so that every day is built. */
export async function readBuildIndex(derived: Bucket, account: string): Promise<BuildIndex> {
  const stored = await derived.get(derivedKeys.tablesBuildIndex);
  const index = parseStored(StoredIndex, stored);
  const days = new Map(index?.account === account ? Object.entries(index.days) : []);
  let isWritten = true;
  return {
    sourceVersionOf: (day) => days.get(day),
    set: (day, version) => {
      days.set(day, version);
      isWritten = false;
    },
    write: async () => {
      if (isWritten) return;
      isWritten = true;
      const next: z.infer<typeof StoredIndex> = {
        form: tablesForm,
        account,
        days: Object.fromEntries([...days].sort()),
      };
      await derived.put(derivedKeys.tablesBuildIndex, toBody(`${JSON.stringify(next, null, 1)}\n`), "application/json");
    },
  };
}

/** Returns a text that is equal for equal manifests, by their ETags. A day may have only one of the two. */
export function sourceVersion({ calls, analytics }: { readonly calls?: string; readonly analytics?: string }): string {
  return `calls ${calls ?? "-"} analytics ${analytics ?? "-"}`;
}
