import { hasNothing, type Tally } from "../../core/whose-fault.ts";
import { JobError } from "../../errors.ts";

/** Returns the run's final error if recordings were due, some for the first time, and none was fetched. */
export function nothingFetched(tally: Tally | undefined): JobError | undefined {
  if (!tally || !hasNothing(tally)) return undefined;
  const due = tally.attempted + tally.left;
  const [result] = Object.entries(tally.failedByResult).sort(([, a], [, b]) => b - a)[0] ?? [];
  return new JobError("NOTHING_FETCHED", `${due} recordings were due and none was fetched; most often: ${result}`, {
    hint: "No action if these are yesterday's recordings only: RingCentral may need another night to prepare them. Else do what facts.hint of the lines `recording not fetched` says, and check that the service user's role may access the company's recordings. Nothing was given up.",
    details: { due, attempted: tally.attempted, left: tally.left, result },
  });
}
