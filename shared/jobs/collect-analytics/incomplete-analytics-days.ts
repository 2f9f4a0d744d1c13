import type { Tally } from "../../core/whose-fault.ts";
import { JobError } from "../../errors.ts";

/** What a run fails with in the end if some queries, datasets or days failed, though all others were collected. */
export function incompleteAnalyticsDays(phases: readonly (Tally | undefined)[]): JobError | undefined {
  const failed = phases.filter((tally) => tally !== undefined && tally.failed > 0);
  if (failed.length === 0) return undefined;
  const results = new Set(failed.flatMap((tally) => Object.keys(tally?.alike ?? {})));
  const lacking = [...results].map((result) => result.replace(/^(\S+) (.*)$/, "$1 ($2)")).sort();
  const count = failed.reduce((sum, tally) => sum + (tally?.failed ?? 0), 0);
  return new JobError("DAYS_INCOMPLETE", `The analytics lack ${lacking.join(", ")}: ${count} queries failed`, {
    hint: "Do what facts.hint of the lines `dataset collection failed` and `day not closed` says; the next run collects it again. A group that this account does not have can be left out in the settings (analytics.groups).",
    details: { failed: count },
  });
}
