import { hash } from "node:crypto";
import { figuresForm } from "../../core/figures/day-figures.ts";
import type { BuiltDay } from "../../storage/build-index.ts";

/** Returns a text that is equal for days whose tables have the same bytes. */
export function tablesVersion({ tables }: BuiltDay): string {
  const sums = [...tables].map(([table, { sha256 }]) => `${table} ${sha256}`).sort();
  return hash("sha256", [figuresForm, ...sums].join("\n"), "base64url").slice(0, 22);
}
