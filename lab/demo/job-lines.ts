import { type DayProgress, type LogLine, megabytes, noDay, type Progress, toGo } from "./progress.ts";

/** What a job does in a step. Undefined for steps that take no time worth a line. */
export function activityOf(job: string, step: string): string | undefined {
  switch (step) {
    case "find days":
      return "finding the days to work on";
    case "list":
      return "listing the calls of each day";
    case "fetch":
      return job === "archive-calls" ? "fetching recordings" : "fetching values";
    case "store":
      return "storing fetched values, if any";
    case "close":
      return "closing the days that are complete";
    case "build":
      return "building the tables of each day";
    case "read tables":
      return "counting the tables of each day";
    case "write pages":
      return "writing the page of each day, week and month";
    case "verify":
      return "verifying the archive, one part of 28 byte by byte";
    case "verify the rest":
      return "verifying tables and indexes, and looking for what no job writes";
    case "read status":
      return "saying how the archive stands";
    default:
      return undefined;
  }
}

/** What a line of the log of `archive-calls` changed, for an output that is no terminal. */
export function plainLines({ message, facts = {} }: LogLine, before: Progress, progress: Progress): string[] {
  const { day = "" } = facts;
  const known = progress.days.get(day) ?? noDay;
  const { calls, recordings, stored, bytes } = known;
  switch (message) {
    case "day listed":
      return [`  ${day}  ${calls} calls, ${recordings} recordings`];
    case "recordings planned":
      return [`  ${progress.planned} recordings to fetch`];
    case "recordings fetched": {
      const { perWindow, windowSeconds, decided, planned } = progress;
      const limit = `  RingCentral allows ${perWindow} requests per ${windowSeconds} s. Each recording takes one.`;
      const line = `  ${day}  ${stored} of ${recordings} recordings, ${megabytes(bytes)}; in all ${decided} of ${planned}${toGo(progress)}`;
      return perWindow === before.perWindow ? [line] : [limit, line];
    }
    default:
      return [`  ${day}  ${statusOf(known)}`];
  }
}

function statusOf({ status, openReasons = [] }: Pick<DayProgress, "status" | "openReasons">): string {
  return status === "closed" ? "closed" : `open: ${openReasons.join(", ")}`;
}

/** What a line of the log of any other job says of its progress. */
export function otherJobLines({ message, facts = {} }: LogLine): string[] {
  const { day, days, queries, written, pages } = facts;
  switch (message) {
    case "days selected":
      return [`  ${days} days${queries === undefined ? "" : `, ${queries} queries`}`];
    case "day status":
      return [`  ${day}  ${statusOf(facts)}`];
    case "tables built":
      return [`  ${day}  ${written} tables`];
    case "pages selected":
      return [`  ${pages} pages to write`];
    case "archive verified":
      return [`  ${facts.findings === 0 ? "nothing is wrong" : `${facts.findings} findings`}`];
    case "status":
      return [`  ${facts.sentence}`];
    default:
      return [];
  }
}
