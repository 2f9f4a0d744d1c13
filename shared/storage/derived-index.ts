import * as z from "zod/mini";
import type { Bucket } from "../aws/bucket.ts";
import { parseStored } from "./stored-json.ts";

/** Whether an index of what was built could be read. Whatever it is, everything that it lacks is built. */
export type FoundType = "read" | "missing" | "invalid" | "of-another-account" | "of-another-form";

export interface DerivedIndexOptions<T> {
  readonly key: string;
  /** Version of the index. */
  readonly form: number;
  readonly account: string;
  readonly schema: z.ZodMiniType<T>;
}

/** What every form of every index has. */
const Header = z.object({ form: z.number(), account: z.string() });

/** Reads an index in the derived bucket. @throws STORAGE_FAILED */
export async function findDerivedIndex<T>(
  derived: Pick<Bucket, "get">,
  { key, form, account, schema }: DerivedIndexOptions<T>,
): Promise<{ readonly type: FoundType; readonly index?: T }> {
  const stored = await derived.get(key);
  if (!stored) return { type: "missing" };
  const header = parseStored(Header, stored);
  if (!header) return { type: "invalid" };
  if (header.account !== account) return { type: "of-another-account" };
  if (header.form !== form) return { type: "of-another-form" };
  const index = parseStored(schema, stored);
  return index === undefined ? { type: "invalid" } : { type: "read", index };
}
