import { memberOf, numberOf, textOf } from "./lenient.ts";
import type { RunEnd, RunEvent } from "./run-history.ts";

/** How far a run has come, by its history. */
export interface RunProgress {
  /** Number and time of the last event that was counted. */
  readonly lastEvent: number;
  readonly at: Date;
  /** Name of the step at work; empty before the first. */
  readonly step: string;
  readonly stepBeganAt: Date;
  /** Items of the step that are decided. */
  readonly done: number;
  /** Items of later steps, by the step's name, as far as earlier steps have found out. */
  readonly totals: Readonly<Record<string, number>>;
  /** Set while the run waits. */
  readonly wait?: { readonly name: string; readonly until: Date | undefined } | undefined;
  /** Set once it has ended; `result` is what it returned. */
  readonly end?: RunEnd | undefined;
  readonly result?: unknown;
}

const never = new Date(0);
export const noProgress: RunProgress = { lastEvent: 0, at: never, step: "", stepBeganAt: never, done: 0, totals: {} };

/** Returns the progress after more events. Events that were counted before change nothing. */
export function progressAfter(progress: RunProgress, events: readonly RunEvent[]): RunProgress {
  return events.filter(({ id }) => id > progress.lastEvent).reduce(afterEvent, progress);
}

function afterEvent(progress: RunProgress, event: RunEvent): RunProgress {
  const counted = { ...progress, lastEvent: event.id, at: event.at };
  switch (event.type) {
    case "step-started":
      return { ...inStep(counted, event), wait: undefined };
    case "step-ended":
      return withResult(inStep(counted, event), event.result);
    case "wait-started":
      return { ...counted, wait: { name: event.name, until: event.until } };
    case "run-ended":
      return { ...counted, end: event.end, result: event.result, wait: undefined };
    default:
      return counted;
  }
}

/** A step runs in slices of the same name. */
function inStep(progress: RunProgress, { name, at }: RunEvent): RunProgress {
  return progress.step === name ? progress : { ...progress, step: name, stepBeganAt: at, done: 0 };
}

/** Reads the result of a slice, as `runtime/slice.ts` stores it: a cursor with the tally of its items, or a value. */
function withResult(progress: RunProgress, result: unknown): RunProgress {
  const tally = memberOf(memberOf(result, "cursor"), "tally");
  const done = (numberOf(memberOf(tally, "attempted")) ?? 0) + (numberOf(memberOf(tally, "left")) ?? 0);
  const value = memberOf(result, "value");
  return {
    ...progress,
    done: Math.max(progress.done, done),
    totals: { ...progress.totals, ...totalsIn(progress.step, value) },
  };
}

/** The step that fetches recordings, or the responses of queries. */
const fetchStep = "fetch";

/** Returns how many items later steps will work through. A job's step that says nothing of the kind adds nothing. */
function totalsIn(step: string, value: unknown): Readonly<Record<string, number>> {
  if (step === "plan") return { [fetchStep]: sumOfDue(memberOf(value, "days")) };
  if (Array.isArray(value)) return listTotals(step, value.length);
  if (step !== "find days") return {};
  const [toList, days] = [memberOf(value, "toList"), memberOf(value, "days")];
  const queries = numberOf(memberOf(value, "queries"));
  return {
    ...(Array.isArray(toList) && { list: toList.length }),
    ...(queries !== undefined && { [fetchStep]: queries }),
    ...(Array.isArray(days) && { build: days.length, close: days.length }),
  };
}

/** The steps that work through what another one lists. */
const listedSteps: Readonly<Record<string, string>> = { "find days": "read tables", "find pages": "write pages" };

function listTotals(step: string, length: number): Readonly<Record<string, number>> {
  const later = listedSteps[step];
  return later === undefined ? {} : { [later]: length };
}

function sumOfDue(days: unknown): number {
  if (!Array.isArray(days)) return 0;
  return days.reduce((sum: number, day) => sum + (numberOf(memberOf(day, "due")) ?? 0), 0);
}

/**
 * Returns how long the step still takes in ms, by what it has done so far: undefined before its first item, and if its number of
 * items is not known. A wait counts to its end: nothing more is done until then.
 */
export function msLeft({ at, step, totals, done, stepBeganAt, wait }: RunProgress): number | undefined {
  const total = totals[step];
  if (total === undefined || done === 0) return undefined;
  const reachedMs = Math.max(at.getTime(), wait?.until?.getTime() ?? 0);
  const msPerItem = (reachedMs - stepBeganAt.getTime()) / done;
  return reachedMs - at.getTime() + msPerItem * Math.max(0, total - done);
}

/** What a run has returned when it succeeded: `finished`, `paused`, `superseded`, and the job's own result. */
export function runResult({ result }: RunProgress): { readonly status: string; readonly counts: unknown } {
  return { status: textOf(memberOf(result, "status")) ?? "finished", counts: memberOf(result, "result") };
}
