import type { AccessLine } from "./access-line.ts";

/** Returns each line as text for people: level, check and what was seen in columns, and below them what to do. */
export function accessTexts(lines: readonly AccessLine[]): string[] {
  const width = Math.max(0, ...lines.map(({ check }) => check.length));
  return lines.flatMap(({ check, level, seen, todo }) => [
    `${level.padEnd(8)} ${check.padEnd(width)}  ${seen}`,
    ...(todo ? [`${" ".repeat(8 + 1 + width)}  ${todo}`] : []),
  ]);
}
