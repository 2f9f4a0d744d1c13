import * as readline from "node:readline";

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
  readonly facts?: Readonly<Record<string, unknown>> & { readonly day?: string };
}

export const noProgress: Progress = {
  days: new Map(),
  decided: 0,
  planned: 0,
  perWindow: undefined,
  windowSeconds: undefined,
};
const noDay: DayProgress = { calls: 0, recordings: 0, stored: 0, bytes: 0 };

/** One line of a function's log, or undefined where it is something else. */
export function parseLogLine(line: string): LogLine | undefined {
  try {
    const parsed = JSON.parse(line) as LogLine;
    return typeof parsed.message === "string" ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The progress after one more line of the log. */
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
      const decided = progress.decided + number("tried");
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

/** Seconds to go at RingCentral's limit, or undefined before it is known. */
export function secondsToGo({ planned, decided, perWindow, windowSeconds }: Progress): number | undefined {
  if (!perWindow || !windowSeconds) return undefined;
  return Math.floor((planned - decided) / perWindow) * windowSeconds;
}

/** The progress as lines for a screen: a row per day, then the whole. */
export function screenLines(progress: Progress): string[] {
  const rows = [...progress.days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, known]) => dayLine(day, known));
  return [...rows, totalLine(progress)];
}

function dayLine(day: string, { calls, recordings, stored, bytes, status, openReasons }: DayProgress): string {
  const bar = "█".repeat(recordings === 0 ? 20 : Math.floor((20 * stored) / recordings)).padEnd(20, "░");
  const state = status === "closed" ? "closed" : (openReasons?.join(", ") ?? "");
  return `  ${day}  ${pad(calls, 5)} calls  ${bar} ${pad(stored, 4)} of ${pad(recordings, 4)} recordings  ${megabytes(bytes).padStart(8)}  ${state}`;
}

function totalLine(progress: Progress): string {
  const { decided, planned, perWindow, windowSeconds } = progress;
  const budget = perWindow ? `RingCentral allows ${perWindow} requests per ${windowSeconds} s` : "";
  const left = secondsToGo(progress);
  const toGo = left !== undefined && decided < planned ? `, about ${left} s to go` : "";
  return `  ${decided} of ${planned} recordings fetched   ${budget}${toGo}`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function pad(count: number, width: number): string {
  return String(count).padStart(width);
}

/** Shows progress: redraws in place on a terminal, else prints plain lines. */
export function createDisplay(output: NodeJS.WriteStream) {
  let progress = noProgress;
  let drawn = 0;
  const draw = () => {
    const lines = screenLines(progress).map((line) => line.slice(0, output.columns));
    readline.moveCursor(output, 0, -drawn);
    readline.clearScreenDown(output);
    output.write(lines.map((line) => `${line}\n`).join(""));
    drawn = lines.length;
  };
  return {
    /** Takes what a function has printed. */
    log: (text: string) => {
      for (const line of text
        .split("\n")
        .map(parseLogLine)
        .filter((each) => each !== undefined)) {
        const next = after(progress, line);
        const changed = next !== progress;
        progress = next;
        if (changed && output.isTTY) draw();
        else if (changed) output.write(`${plainLine(line, progress)}\n`);
        if (line.level === "ERROR" || line.level === "WARN") {
          output.write(`  ${line.message}: ${JSON.stringify(line.facts)}\n`);
          drawn = 0;
        }
      }
    },
    /** What is shown next begins below. */
    startAnew: () => {
      drawn = 0;
      progress = noProgress;
    },
    progress: () => progress,
  };
}

function plainLine({ message, facts = {} }: LogLine, progress: Progress): string {
  const { day = "" } = facts;
  const known = progress.days.get(day);
  if (!known) return totalLine(progress);
  switch (message) {
    case "day listed":
      return `  ${day}  ${known.calls} calls listed, ${known.recordings} recordings`;
    case "recordings fetched":
      return `  ${day}  ${known.stored} of ${known.recordings} recordings stored, ${megabytes(known.bytes)} ${totalLine(progress)}`;
    default:
      return `  ${day}  ${known.status === "closed" ? "closed" : `open: ${known.openReasons?.join(", ")}`}`;
  }
}
