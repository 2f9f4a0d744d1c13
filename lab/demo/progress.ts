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

export interface LogLine {
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
export const noDay: DayProgress = { calls: 0, recordings: 0, stored: 0, bytes: 0 };

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

export function toGo(progress: Progress): string {
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
