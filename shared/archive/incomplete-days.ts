import { errorFromFacts, JobError } from "../errors.ts";
import type { OpenDays } from "./open-days.ts";
import type { Plan } from "./plan-recordings.ts";

/** What a run fails with in the end when some days could not be worked on, though all others were. */
export function incompleteDays({ unreadable }: OpenDays, { notListed }: Plan): JobError | undefined {
  if (unreadable.first) return errorFromFacts(unreadable.first);
  if (notListed.length === 0) return undefined;
  const days = [...notListed].sort();
  return new JobError("DAYS_INCOMPLETE", `${days.length} days could not be listed, the first is ${days[0]}`, {
    todo: "Their manifests say why, and so does the log; the next run lists them again.",
    details: { days: days.length, first: days[0] },
  });
}
