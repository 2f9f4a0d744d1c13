import { counted } from "../../core/counted.ts";
import type { Tally } from "../../core/whose-fault.ts";
import { JobError } from "../../errors.ts";

/** Returns the run's final error if some queries, datasets or days failed. */
export function incompleteAnalyticsDays(phases: readonly (Tally | undefined)[]): JobError | undefined {
  const failed = phases.filter((tally) => tally !== undefined && tally.failed > 0);
  if (failed.length === 0) return undefined;
  const results = new Set(failed.flatMap((tally) => Object.keys(tally?.failedByResult ?? {})));
  const missing = [...results].map((result) => result.replace(/^(\S+) (.*)$/, "$1 ($2)")).sort();
  const count = failed.reduce((sum, tally) => sum + (tally?.failed ?? 0), 0);
  return new JobError(
    "DAYS_INCOMPLETE",
    `The analytics lack ${missing.join(", ")}: ${counted(count, "query", "queries")} failed`,
    {
      hint: "Do what facts.hint of the lines `dataset collection failed` and `day not closed` says; the next run collects them again. If this account does not have a group, remove it from analytics.groups in the settings.",
      details: { failed: count },
    },
  );
}
