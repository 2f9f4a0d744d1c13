import { msLeft, type RunProgress } from "../shared/core/run-progress.ts";
import { durationText } from "../shared/core/time/duration-text.ts";
import { print, printable, type Shell } from "./shell.ts";

/** Shows how far a run is: on a terminal in a line that changes, elsewhere in a new line at each step and every minute. */
export interface RunDisplay {
  readonly show: (progress: RunProgress) => void;
  /** Removes the line, before another is printed. */
  readonly clear: () => void;
}

export interface RunDisplayOptions {
  readonly job: string;
  readonly run: string;
  readonly json: boolean;
}

const clearLine = "\r\u001b[2K";
/** Of six looks a minute, one is printed where lines stay. */
const looksPerLine = 6;

export function createRunDisplay(shell: Shell, { job, run, json }: RunDisplayOptions): RunDisplay {
  const isLive = shell.isTerminal && !json;
  let [looks, lastStep] = [0, ""];
  return {
    show: (progress) => {
      if (isLive) return shell.writeError(`${clearLine}${printable(`${bar(progress)}${progressText(job, progress)}`)}`);
      const isDue = progress.step !== lastStep || looks++ % looksPerLine === 0;
      if (progress.step !== lastStep) looks = 1;
      lastStep = progress.step;
      if (!isDue) return;
      if (json) print(shell, JSON.stringify({ job, run, ...progressFields(progress) }));
      else shell.writeError(`${printable(progressText(job, progress))}\n`);
    },
    clear: () => {
      if (isLive) shell.writeError(clearLine);
    },
  };
}

function progressFields(progress: RunProgress): object {
  const { step, done, totals, wait } = progress;
  const left = msLeft(progress);
  const [total, minutesLeft] = [totals[step], left === undefined ? undefined : Math.ceil(left / 60_000)];
  return { step, done, total: total ?? null, minutesLeft: minutesLeft ?? null, waitsUntil: wait?.until ?? null };
}

const barWidth = 20;

function bar({ step, done, totals }: RunProgress): string {
  const total = totals[step];
  if (!total) return "";
  const full = Math.floor((Math.min(done, total) / total) * barWidth);
  return `[${"#".repeat(full)}${".".repeat(barWidth - full)}] `;
}

/** What a step's items are, by job and step. */
const nouns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "archive-calls": { list: "days", fetch: "recordings", close: "days" },
  "collect-analytics": { fetch: "queries", store: "datasets", close: "days" },
  "build-tables": { build: "days" },
  "build-pages": { "read tables": "days", "write pages": "pages" },
};

/** Returns how far a run is: "fetch: 120 of 600 recordings, 48 minutes left". */
export function progressText(job: string, progress: RunProgress): string {
  const { step, done, totals } = progress;
  if (step === "") return "starting";
  const noun = nouns[job]?.[step] ?? "items";
  const total = totals[step];
  const left = msLeft(progress);
  const parts = [
    ...(total ? [`${number(done)} of ${number(total)} ${noun}`] : done > 0 ? [`${number(done)} ${noun}`] : []),
    ...(left === undefined || left === 0 ? [] : [`${durationText(left)} left`]),
    ...waitText(progress),
  ];
  return parts.length === 0 ? step : `${step}: ${parts.join(", ")}`;
}

/** Why a run waits, if it is not for the rate limit's next window. */
function waitText({ wait }: RunProgress): string[] {
  const reason = /: ([\w-]+)$/.exec(wait?.name ?? "")?.[1];
  if (!wait || reason === "window") return [];
  const until = wait.until ? ` until ${wait.until.toISOString().slice(11, 16)} UTC` : "";
  return [`waiting${until} (${reason ?? wait.name})`];
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}
