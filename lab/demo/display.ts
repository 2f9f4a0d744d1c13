import * as readline from "node:readline";
import { activityOf, otherJobLines, plainLines } from "./job-lines.ts";
import { after, type LogLine, noProgress, parseLogLine, screenLines } from "./progress.ts";

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
