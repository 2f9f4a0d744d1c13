import type { ResultRow } from "./open-tables.ts";

/** A query's result as aligned text: its first rows, and the number of further rows. */
export function tableText(rows: readonly ResultRow[], rowsShown = 6): string {
  const names = Object.keys(rows[0] ?? {});
  const cells = rows.slice(0, rowsShown).map((row) => names.map((name) => cellText(row[name] ?? null)));
  const all = [names, ...cells];
  const widths = names.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const more = rows.length - cells.length;
  return [...lines, ...(more > 0 ? [`… and ${more} more rows`] : [])].join("\n");
}

function cellText(value: ResultRow[string]): string {
  if (value instanceof Date) return value.toISOString().slice(0, 19).replace("T", " ");
  return value === null ? "–" : String(value);
}
