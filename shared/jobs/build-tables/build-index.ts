import * as z from "zod/mini";
import { type Bucket, toBody } from "../../aws/bucket.ts";
import { stateKeys } from "../../core/object-keys.ts";
import { tablesForm } from "../../core/tables/table-schema.ts";
import type { Day } from "../../core/time/days.ts";
import { storedJson } from "../../storage/stored-json.ts";

/** What each day's tables were last built from; should it be lost, every day is built again, into the same bytes. */
export interface BuildIndex {
  /** What `day` was built from, if it was. */
  readonly sourceVersionOf: (day: Day) => string | undefined;
  readonly set: (day: Day, from: string) => void;
  readonly write: () => Promise<void>;
}

const Note = z.object({
  /** Of another form, or of another account, nothing is as it was. */
  form: z.literal(tablesForm),
  account: z.string(),
  days: z.record(z.string(), z.string()),
});

export async function readBuildIndex(state: Bucket, account: string): Promise<BuildIndex> {
  const stored = await state.get(stateKeys.buildIndex);
  const parsed = Note.safeParse(stored && storedJson(stored.body));
  const days = new Map(parsed.success && parsed.data.account === account ? Object.entries(parsed.data.days) : []);
  let isWritten = true;
  return {
    sourceVersionOf: (day) => days.get(day),
    set: (day, from) => {
      days.set(day, from);
      isWritten = false;
    },
    write: async () => {
      if (isWritten) return;
      isWritten = true;
      const note: z.infer<typeof Note> = { form: tablesForm, account, days: Object.fromEntries([...days].sort()) };
      await state.put(stateKeys.buildIndex, toBody(`${JSON.stringify(note, null, 1)}\n`), "application/json");
    },
  };
}

/** The same text for the same manifests; ETags tell them apart, and a day may have one of them only. */
export function sourceVersion({ calls, analytics }: { readonly calls?: string; readonly analytics?: string }): string {
  return `calls ${calls ?? "-"} analytics ${analytics ?? "-"}`;
}
