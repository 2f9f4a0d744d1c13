import { attemptKey } from "../../core/calls/recording-state.ts";
import type { Tally } from "../../core/whose-fault.ts";
import { JobError } from "../../errors.ts";
import { attemptOf } from "./attempt.ts";

const planLost = attemptKey(attemptOf(new JobError("STORAGE_INVALID", "a day's plan is lost")));

/** What a run fails with in the end if what it had planned for a day could not be read when it was to be fetched. */
export function lostPlans(tally: Tally | undefined): JobError | undefined {
  const lost = tally?.alike[planLost] ?? 0;
  if (!tally || lost === 0) return undefined;
  const { firstFailed: first, left } = tally;
  return new JobError("DAYS_INCOMPLETE", `What was planned for some days is gone or damaged, among them ${first}`, {
    hint: "No action: the next run plans these days again. If it stays, check the state bucket's lifecycle rules.",
    details: { recordings: lost + left, first },
  });
}
