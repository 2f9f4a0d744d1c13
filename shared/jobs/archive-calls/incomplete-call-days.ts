import type { Tally } from "../../core/whose-fault.ts";
import { JobError } from "../../errors.ts";

/** What a run fails with in the end if some days could not be listed or closed, though all others were. */
export function incompleteCallDays(phases: readonly (Tally | undefined)[]): JobError | undefined {
  const failed = phases.find((tally) => tally && tally.failed > 0);
  if (!failed) return undefined;
  const { failed: days, firstFailed: first, done } = failed;
  return new JobError("DAYS_INCOMPLETE", `${days} days could not be completed, among them ${first}`, {
    hint: `Do what facts.hint of the lines \`day listing failed\` and \`day not closed\` says; ${done > 0 ? "the next run attempts these days again." : "not one day was completed."}`,
    details: { days, first },
  });
}
