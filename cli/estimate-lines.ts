import type { EstimatedCost } from "../shared/core/aws-cost.ts";
import { counted } from "../shared/core/counted.ts";
import { durationText } from "../shared/core/time/duration-text.ts";
import { shortDay } from "../shared/core/time/short-day.ts";

/** What the jobs' estimates have; a job's own is in its `estimate.ts`. */
export interface Estimate {
  readonly days?: number;
  /** Pages that `build-pages` writes, also if it reads no day. */
  readonly pages?: number;
  readonly firstDay?: string;
  readonly lastDay?: string;
  readonly daysNeverListed?: number;
  readonly daysListedAgain?: number;
  readonly recordingsDue?: number;
  readonly requestsAtLeast?: number;
  readonly minutesAtLeast?: number;
  readonly rateLimit?: { readonly requestsPerMinute: number; readonly isAssumed: boolean };
  readonly cost?: EstimatedCost;
  readonly notCounted?: readonly string[];
  readonly closed?: readonly string[];
  readonly upToDate?: readonly string[];
  readonly notArchived?: readonly string[];
  readonly hints?: readonly string[];
}

/** Returns an estimate in sentences; first, which requested days the run skips. */
export function estimateLines(job: string, estimate: Estimate | null, today: string): string[] {
  if (!estimate) return [`${job}: what it will do could not be estimated.`];
  const { notCounted = [] } = estimate;
  return [
    ...skippedLines(estimate),
    `${job}: ${estimate.pages === undefined ? daysText(estimate, today) : pagesText(estimate)}.`,
    ...requestLines(estimate),
    ...costLines(estimate),
    ...(notCounted.length > 0 ? ["Not counted:", ...notCounted.map((each) => `  ${each}`)] : []),
    ...otherHints(estimate),
  ];
}

const maxNamedDays = 5;

function skippedLines({ closed = [], upToDate = [], notArchived = [] }: Estimate): string[] {
  const line = (days: readonly string[], text: string) => {
    const named = days.slice(0, maxNamedDays);
    const others = days.length - named.length;
    const list = [...named, ...(others > 0 ? [`${others} more`] : [])].join(", ");
    return days.length === 0 ? [] : [`${list} ${days.length === 1 ? "is" : "are"} ${text}`];
  };
  return [
    ...line(closed, "closed and skipped; add --relist to list again what is complete."),
    ...line(upToDate, "up to date and skipped; add --rebuild to build again."),
    ...line(notArchived, "not archived and skipped."),
  ];
}

function daysText(estimate: Estimate, today: string): string {
  const { days, firstDay, lastDay, daysNeverListed, daysListedAgain, recordingsDue } = estimate;
  if (days === undefined) return "its work is not counted in days, so that it is not estimated";
  if (days === 0) return "no day is due";
  const span = firstDay === lastDay ? shortDay(firstDay ?? "", today) : spanText(firstDay, lastDay, today);
  const parts = [
    ...(daysNeverListed ? [`${counted(daysNeverListed, "day")} never listed`] : []),
    ...(daysListedAgain ? [`${counted(daysListedAgain, "day")} to list again`] : []),
    ...(recordingsDue === undefined ? [] : [`${counted(recordingsDue, "known recording")} due`]),
  ];
  const when = firstDay === undefined ? "" : ` (${span})`;
  return [`${counted(days, "day")}${when}`, ...parts].join(", ");
}

function pagesText({ days = 0, pages = 0 }: Estimate): string {
  if (days === 0 && pages === 0) return "no page is due";
  return `${counted(days, "day")} to read, ${counted(pages, "page")} to write`;
}

function spanText(first = "", last = "", today: string): string {
  return `${shortDay(first, today)} to ${shortDay(last, today)}`;
}

function requestLines({ requestsAtLeast, minutesAtLeast = 0, rateLimit, notCounted = [] }: Estimate): string[] {
  if (requestsAtLeast === undefined || !rateLimit) return [];
  if (requestsAtLeast === 0 && notCounted.length === 0)
    return ["None of it is due now: it needs no call log, recording or query of RingCentral."];
  if (requestsAtLeast === 0) return ["Whether it needs any request to RingCentral is not known yet."];
  const { requestsPerMinute, isAssumed } = rateLimit;
  const limit = `${requestsPerMinute} a minute${isAssumed ? ", RingCentral's default" : ""}`;
  const time = minutesAtLeast === 0 ? "less than a minute" : durationText(minutesAtLeast * 60_000);
  return [
    `At least ${counted(requestsAtLeast, "request")} to RingCentral, which ${requestsAtLeast === 1 ? "takes" : "take"} ${time} at ${limit}.`,
  ];
}

function costLines({ cost }: Estimate): string[] {
  if (!cost) return [];
  const { usdAtLeast, storageUsdPerMonth } = cost;
  const storage = storageUsdPerMonth ? `, and ${dollars(storageUsdPerMonth)} a month for storage` : "";
  return [`AWS charges at least ${dollars(usdAtLeast)}${storage}.`];
}

/** Rounded up to cents, because nothing is free. */
function dollars(usd: number): string {
  return `$${(Math.ceil(usd * 100) / 100).toFixed(2)}`;
}

/** Hints that no line above has said in other words. */
function otherHints({ hints = [] }: Estimate): string[] {
  return hints.filter((hint) => !/^Add "(?:relist|rebuild)": true/.test(hint));
}
