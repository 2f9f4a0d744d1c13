import type { Restoration, RestorationResult } from "../shared/audit/restore/restoration.ts";
import { counted } from "../shared/core/counted.ts";
import { print, type Shell } from "./shell.ts";
import { withTarget } from "./with-target.ts";

/** Prints what became of each finding, and counts it. */
export interface RestoreReport {
  readonly add: (restoration: Restoration) => void;
  /** Prints the summary, unless there is nothing to count after an interruption. Returns true if nothing is left to restore. */
  readonly end: (isInterrupted: boolean) => boolean;
}

export interface RestoreReportOptions {
  readonly json?: boolean;
  readonly stack?: string;
  readonly bucket?: string;
  /** Called before each line. */
  readonly clear: () => void;
}

/** How the summary counts each result. */
const phrases: Readonly<Record<RestorationResult, string>> = {
  restored: "restored",
  removed: "removed",
  "to-restore": "would be restored",
  "to-remove": "would be removed",
  left: "left to the next run",
  refused: "refused",
};
const results = Object.keys(phrases) as RestorationResult[];
/** What a verification finds as before. */
const leftOver: readonly RestorationResult[] = ["to-restore", "to-remove", "refused"];

export function createRestoreReport(shell: Shell, options: RestoreReportOptions): RestoreReport {
  const { json = false, clear } = options;
  const counts = new Map<RestorationResult, number>();
  return {
    add: (found) => {
      const restoration = found.hint === undefined ? found : { ...found, hint: withTarget(found.hint, options) };
      counts.set(restoration.result, (counts.get(restoration.result) ?? 0) + 1);
      clear();
      const lines = json ? [JSON.stringify({ restoration })] : linesOf(restoration);
      for (const line of lines) print(shell, line);
    },
    end: (isInterrupted) => {
      const summary = Object.fromEntries(counts);
      if (counts.size > 0 || !isInterrupted) print(shell, json ? JSON.stringify({ summary }) : summaryOf(counts));
      return leftOver.every((result) => !counts.has(result));
    },
  };
}

function linesOf({ result, finding: { code, key, detail }, hint }: Restoration): string[] {
  return [`${result}  ${code}  ${key}  ${detail}`, ...(hint === undefined ? [] : [`  ${hint}`])];
}

function summaryOf(counts: ReadonlyMap<RestorationResult, number>): string {
  const parts = results.flatMap((result) => {
    const count = counts.get(result);
    return count === undefined ? [] : [`${counted(count, "finding")} ${phrases[result]}`];
  });
  return parts.length === 0 ? "Nothing is to be restored." : `${parts.join(", ")}.`;
}
