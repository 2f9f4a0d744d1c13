import type { Ask } from "../core/analytics/request.ts";
import { daysBetween } from "../core/days.ts";
import { type ErrorCode, JobError } from "../errors.ts";
import { writeOutcome } from "../storage/outcomes.ts";
import type { AnalyticsServices } from "./services.ts";

/** Faults of one group's own, by which no other need suffer. */
const ownFaults: readonly ErrorCode[] = [
  "API_INVALID",
  "API_NOT_FOUND",
  "API_REFUSED",
  "API_UNEXPECTED",
  "HOST_NOT_ALLOWED",
  "STORAGE_UNEXPECTED",
];

export function isOwnFault(error: unknown): error is JobError {
  return error instanceof JobError && ownFaults.includes(error.code);
}

/** Its days stay open and say why; the run goes on with the others, and fails in the end. */
export async function noteFailure(s: AnalyticsServices, account: string, ask: Ask, error: JobError): Promise<void> {
  const { group, interval, from, to } = ask;
  const failure = { run: s.run.name, at: s.now().toISOString(), code: error.code };
  s.log.error("a group could not be collected", { group, interval, from, to, ...error.toJSON() });
  for (const day of daysBetween(from, to)) {
    const name = `${group}-${interval}-failed`;
    await writeOutcome(s, { account, day, name }, [{ is: "failed", group, interval, failure }]);
  }
}
