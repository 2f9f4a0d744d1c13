import * as readline from "node:readline";
import { durationText } from "../../shared/core/time/duration-text.ts";

/** Progress of a run, from its log lines. */
export interface Progress {
  readonly days: ReadonlyMap<string, DayProgress>;
  readonly decided: number;
  readonly planned: number;
  readonly perWindow: number | undefined;
  readonly windowSeconds: number | undefined;
}

export interface DayProgress {
  readonly calls: number;
  readonly recordings: number;
  readonly stored: number;
  readonly bytes: number;
  readonly status?: string;
  readonly openReasons?: readonly string[];
}

interface LogLine {
  readonly level?: string;
  readonly message?: string;
  readonly facts?: Readonly<Record<string, unknown>> &
    Partial<Pick<DayProgress, "status" | "openReasons">> & { readonly day?: string };
}

export const noProgress: Progress = {
  days: new Map(),
  decided: 0,
  planned: 0,
  perWindow: undefined,
  windowSeconds: undefined,
};
const noDay: DayProgress = { calls: 0, recordings: 0, stored: 0, bytes: 0 };

/** Parses one line of a function's log; undefined if it is something else. */
export function parseLogLine(line: string): LogLine | undefined {
  try {
    const parsed = JSON.parse(line) as LogLine;
    return typeof parsed.message === "string" ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the progress after one more line of the log. */
export function after(progress: Progress, { message, facts = {} }: LogLine): Progress {
  const day = (change: (known: DayProgress) => DayProgress) => {
    const name = facts.day ?? "";
    return { ...progress, days: new Map(progress.days).set(name, change(progress.days.get(name) ?? noDay)) };
  };
  const number = (name: string) => Number(facts[name] ?? 0);
  switch (message) {
    case "day listed":
      return day((known) => ({ ...known, calls: number("calls"), recordings: number("recordings") }));
    case "recordings planned":
      return { ...progress, planned: number("due"), decided: 0 };
    case "recordings fetched": {
      const { perWindow, windowSeconds } = { ...progress, ...facts };
      const next = day((known) => ({
        ...known,
        stored: known.stored + number("stored"),
        bytes: known.bytes + number("bytes"),
      }));
      const decided = progress.decided + number("attempted");
      return { ...next, decided, planned: number("planned"), perWindow, windowSeconds };
    }
    case "day status": {
      const { records, recordings, stored, bytes, status, openReasons } = facts as unknown as DayProgress & {
        readonly records: number;
      };
      return day(() => ({ calls: records, recordings, stored, bytes, status, openReasons }));
    }
    default:
      return progress;
  }
}

/** Returns the remaining seconds at RingCentral's rate limit; undefined before it is known. */
export function secondsToGo({ planned, decided, perWindow, windowSeconds }: Progress): number | undefined {
  if (!perWindow || !windowSeconds) return undefined;
  return Math.ceil((planned - decided) / perWindow) * windowSeconds;
}

/** Columns from which a row shows everything. */
const wideColumns = 80;
/** Columns from which the last line shows the rate limit, too. */
const columnsWithLimit = 100;

/** The progress as lines for a screen of at least 40 columns: a row per day, then the whole. */
export function screenLines(progress: Progress, columns = wideColumns): string[] {
  const isWide = columns >= wideColumns;
  const row = isWide ? dayLine : narrowDayLine;
  const rows = [...progress.days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, known]) => row(day, known));
  return [...rows, ...(isWide ? [totalLine(progress, columns)] : narrowTotalLines(progress))];
}

function dayLine(day: string, known: DayProgress): string {
  const { calls, recordings, stored, bytes, status = "" } = known;
  return `  ${day} ${pad(calls, 5)} calls ${bar(known, 10)} ${pad(stored, 5)} of ${pad(recordings, 5)} recordings ${megabytes(bytes).padStart(9)} ${status}`;
}

function narrowDayLine(day: string, known: DayProgress): string {
  const { recordings, stored, status = "" } = known;
  return `  ${day} ${bar(known, 5)} ${`${stored}/${recordings}`.padStart(11)} ${status}`;
}

function bar({ recordings, stored }: DayProgress, width: number): string {
  const share = recordings === 0 ? 1 : Math.min(1, stored / recordings);
  return "█".repeat(Math.floor(width * share)).padEnd(width, "░");
}

function totalLine(progress: Progress, columns: number): string {
  const { decided, planned, perWindow, windowSeconds } = progress;
  const limit = perWindow && columns >= columnsWithLimit ? `, ${perWindow} requests per ${windowSeconds} s` : "";
  return `  ${decided} of ${planned} recordings fetched${limit}${toGo(progress)}`;
}

function narrowTotalLines(progress: Progress): string[] {
  const { decided, planned } = progress;
  const left = toGo(progress).replace(/^, /, "");
  return [`  ${decided} of ${planned} recordings`, ...(left ? [`  ${left}`] : [])];
}

function toGo(progress: Progress): string {
  const left = secondsToGo(progress);
  if (left === undefined || progress.decided >= progress.planned) return "";
  return `, about ${left < 60 ? `${left} s` : durationText(left * 1_000)} to go`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function pad(count: number, width: number): string {
  return String(count).padStart(width);
}

/** Shows progress: redraws the days in place on a terminal, else prints plain lines. */
export function createDisplay(output: NodeJS.WriteStream, now: () => number = Date.now) {
  let progress = noProgress;
  let drawn = 0;
  let shownAt = now();
  let current = { job: "", step: "" };
  let activity = "";
  let lastHint = "";
  const write = (text: string) => {
    shownAt = now();
    output.write(text);
  };
  /** Writes a line that stays: the days are drawn again below it. */
  const print = (line: string) => {
    write(`${line}\n`);
    drawn = 0;
  };
  const draw = () => {
    const lines = screenLines(progress, output.columns).map((line) => line.slice(0, output.columns));
    readline.moveCursor(output, 0, -drawn);
    readline.clearScreenDown(output);
    write(lines.map((line) => `${line}\n`).join(""));
    drawn = lines.length;
  };
  const showArchived = (line: LogLine) => {
    const next = after(progress, line);
    if (next === progress) return;
    const lines = plainLines(line, progress, next);
    progress = next;
    if (output.isTTY) draw();
    else lines.forEach(print);
  };
  /** An instruction is shown once: each error of a run tends to give the same. */
  const showTrouble = (job: string, { message, facts = {} }: LogLine) => {
    const { code, day, id, hint, message: what } = facts;
    const of = [day, id].filter(Boolean).join(" ");
    print(`  ${job}: ${message}${of && ` ${of}`}${code ? `, ${code}` : ""}`);
    const instruction = hint === undefined ? "" : `${what ? `${what}. ` : ""}${hint}`;
    if (instruction && instruction !== lastHint) print(`    ${instruction}`);
    lastHint = instruction || lastHint;
  };
  return {
    /** Takes what a function has printed. */
    log: (job: string, text: string) => {
      for (const line of text
        .split("\n")
        .map(parseLogLine)
        .filter((each) => each !== undefined)) {
        if (job === "archive-calls") showArchived(line);
        else otherJobLines(line).forEach(print);
        if (line.level === "ERROR" || line.level === "WARN") showTrouble(job, line);
      }
    },
    /** Takes that a step of a job has begun; its further slices are no news. */
    step: (job: string, step: string) => {
      if (current.job === job && current.step === step) return;
      current = { job, step };
      const isDrawn = output.isTTY && drawn > 0 && job === "archive-calls";
      const news = activityOf(job, step);
      activity = `${job}: ${news ?? `at its step "${step}"`}`;
      if (news && !isDrawn) print(`  ${job}: ${news}`);
    },
    /** Prints text that stays. */
    say: print,
    /** Takes what is being done besides the jobs. */
    doing: (what: string) => {
      current = { job: "", step: "" };
      activity = what;
    },
    /** Says that the work goes on, if nothing was shown for `silentMs`. */
    heartbeat: (silentMs: number) => {
      if (now() - shownAt < silentMs || activity === "") return;
      write(`  still ${activity}\n`);
      if (drawn > 0) drawn++;
    },
    /** What is shown next begins below; what the archive has of each day is kept. */
    startAnew: () => {
      drawn = 0;
      const known = [...progress.days].map(([day, { status, openReasons, ...counts }]) => [day, counts] as const);
      progress = { ...noProgress, days: new Map(known) };
      current = { job: "", step: "" };
      activity = "";
    },
    progress: () => progress,
  };
}

/** What a job does in a step. Undefined for steps that take no time worth a line. */
function activityOf(job: string, step: string): string | undefined {
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
    default:
      return undefined;
  }
}

/** What a line of the log of `archive-calls` changed, for an output that is no terminal. */
function plainLines({ message, facts = {} }: LogLine, before: Progress, progress: Progress): string[] {
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
function otherJobLines({ message, facts = {} }: LogLine): string[] {
  const { day, days, queries, written } = facts;
  switch (message) {
    case "days selected":
      return [`  ${days} days${queries === undefined ? "" : `, ${queries} queries`}`];
    case "day status":
      return [`  ${day}  ${statusOf(facts)}`];
    case "tables built":
      return [`  ${day}  ${written} tables`];
    default:
      return [];
  }
}
