import { hash } from "node:crypto";
import { figuresForm } from "../../core/figures/day-figures.ts";
import type { BuiltDay } from "../../storage/build-index.ts";

/**
 * Returns a text that is equal for days whose tables have the same bytes, and whose analytics manifest is the same: the manifest
 * alone has the groups that were collected without rows.
 */
export function tablesVersion({ source, tables }: BuiltDay): string {
  const [analytics = source] = / analytics \S+/.exec(source) ?? [];
  const sums = [...tables].map(([table, { sha256 }]) => `${table} ${sha256}`).sort();
  return hash("sha256", [figuresForm, ...sums, analytics].join("\n"), "base64url").slice(0, 22);
}
