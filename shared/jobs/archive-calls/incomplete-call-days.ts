import { counted } from "../../core/counted.ts";
import type { Tally } from "../../core/whose-fault.ts";
import { JobError } from "../../errors.ts";

/** Returns the run's final error if some days could not be listed or closed. */
export function incompleteCallDays(phases: readonly (Tally | undefined)[]): JobError | undefined {
  const failed = phases.find((tally) => tally && tally.failed > 0);
  if (!failed) return undefined;
  const { failed: days, firstFailed: first, done } = failed;
  return new JobError("DAYS_INCOMPLETE", `${counted(days, "day")} could not be completed, the first is ${first}`, {
    hint: `Do what facts.hint of the lines \`day listing failed\` and \`day not closed\` says; ${done > 0 ? "the next run attempts these days again." : "no day was completed."}`,
    details: { days, first },
  });
}
