/** One measured figure; `goal` is the promise of docs/operations.md, if there is one. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  readonly goal?: string;
}

export function table(figures: readonly Figure[]): string {
  const rows = [["figure", "measured", "goal"], ...figures.map(({ what, value, goal = "" }) => [what, value, goal])];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
