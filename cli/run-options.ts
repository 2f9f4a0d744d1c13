import { anyText, date, type TextOption } from "./options.ts";
import { targetTexts } from "./target.ts";

/** Options of the commands that work on the runs of a stack. */
export const stackTexts = { stack: targetTexts.stack } as const satisfies Readonly<Record<string, TextOption>>;

/** A job's name. The stack knows which there are. */
export const jobText: TextOption = { value: "job", help: "name of a job; archive-calls without one", check: anyText };

/** A span of days. */
export const spanTexts = {
  from: { value: "day", help: "from this day on, YYYY-MM-DD", check: date },
  to: { value: "day", help: "before this day", check: date },
} as const satisfies Readonly<Record<string, TextOption>>;

/** Flags of the commands that start a run. */
export const startFlags = {
  "dry-run": "starts nothing: only checks and estimates it",
  relist: "lists closed days again",
  "accept-shrunk": "accepts that calls are missing from the days' listings",
  detach: "does not follow the run",
  json: "every line is JSON",
} as const;

/** What the exit statuses of a command that follows a run mean. */
export const runStatuses =
  "0 the run has finished and nothing is to do, 1 something is wrong, 2 it was not started, or its end was not seen.";

/** Returns the error of a command that was given no stack. */
export function stackErrors({ stack }: { readonly stack?: string }): string[] {
  return stack === undefined ? ["--stack is missing"] : [];
}
