import * as z from "zod/mini";
import type { Bucket } from "../../aws/bucket.ts";
import { DateField } from "../../core/fields.ts";
import { DayDigest } from "../../core/figures/day-figures.ts";
import { pageName } from "../../core/figures/periods.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { type FoundType, findDerivedIndex } from "../../storage/derived-index.ts";
import { zippedJson } from "../../storage/stored-json.ts";

/** Raise it with every change of the index. */
const indexForm = 1;

/** An object as it was written. */
const Written = z.object({ etag: z.string(), bytes: z.number(), sha256: z.string() });
export type Written = z.infer<typeof Written>;

/**
 * A day whose figures are stored. `tables` is the version of the tables from which they are. Without `hasCalls` there were no
 * calls, or nobody has listed them.
 */
const IndexedDay = z.object({ tables: z.string(), digest: DayDigest, figures: Written, hasCalls: z.boolean() });
export type IndexedDay = z.infer<typeof IndexedDay>;

/** A page, and the version of all that it shows. */
const IndexedPage = z.object({ version: z.string(), written: Written });
export type IndexedPage = z.infer<typeof IndexedPage>;

const StoredIndex = z.object({
  form: z.literal(indexForm),
  account: z.string(),
  days: z.record(DateField, IndexedDay),
  pages: z.record(z.string().check(z.regex(pageName)), IndexedPage),
});

/** The days and pages of the index, by what was found. */
export interface FoundPages {
  readonly type: FoundType;
  readonly days: ReadonlyMap<Day, IndexedDay>;
  /** By file. */
  readonly pages: ReadonlyMap<string, IndexedPage>;
}

/** What was written of each day and page. Only one run writes it: the owner of `build-pages`. */
export interface PagesIndex {
  readonly days: Map<Day, IndexedDay>;
  readonly pages: Map<string, IndexedPage>;
  readonly write: () => Promise<void>;
}

/** Reads the index. A missing or invalid one, or another account's, is empty. @throws STORAGE_FAILED */
export async function findPagesIndex(derived: Pick<Bucket, "get">, account: string): Promise<FoundPages> {
  const options = { key: derivedKeys.pagesBuildIndex, form: indexForm, account, schema: StoredIndex };
  const { type, index } = await findDerivedIndex(derived, options);
  return {
    type,
    days: new Map(Object.entries(index?.days ?? {})),
    pages: new Map(Object.entries(index?.pages ?? {})),
  };
}

/** Reads the index, to add to it. */
export async function openPagesIndex(derived: Bucket, account: string): Promise<PagesIndex> {
  const found = await findPagesIndex(derived, account);
  const days = new Map(found.days);
  const pages = new Map(found.pages);
  const body = () => zippedJson({ form: indexForm, account, days: inOrder(days), pages: inOrder(pages) });
  let stored = found.type === "read" ? body().sha256 : undefined;
  return {
    days,
    pages,
    write: async () => {
      const next = body();
      if (next.sha256 === stored) return;
      await derived.put(derivedKeys.pagesBuildIndex, next, "application/gzip");
      stored = next.sha256;
    },
  };
}

function inOrder<T>(entries: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
