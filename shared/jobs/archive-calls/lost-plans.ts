import { attemptKey } from "../../core/calls/recording-state.ts";
import type { Tally } from "../../core/whose-fault.ts";
import { JobError } from "../../errors.ts";
import { attemptOf } from "./attempt.ts";

const planLost = attemptKey(attemptOf(new JobError("STORAGE_INVALID", "a day's plan is lost")));

/** Returns the run's final error if the plan of a day was lost before its recordings were fetched. */
export function lostPlans(tally: Tally | undefined): JobError | undefined {
  const lost = tally?.failedByResult[planLost] ?? 0;
  if (!tally || lost === 0) return undefined;
  const { firstFailed: first, left } = tally;
  return new JobError("DAYS_INCOMPLETE", `The plans of some days are missing or damaged, among them ${first}`, {
    hint: "No action: the next run plans these days again. If this happens again, check the state bucket's lifecycle rules.",
    details: { recordings: lost + left, first },
  });
}
