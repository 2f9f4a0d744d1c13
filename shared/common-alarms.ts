/** What explains an alarm that is not one job's own. Its name is that of its chapter in docs/operations.md. */
interface CommonAlarm {
  readonly meaning: string;
  /** Filter pattern for the log lines that show what happened. */
  readonly lines: string;
  /** What the operator does first. */
  readonly first: string;
}

/** Alarms about any job. */
export const commonAlarms = {
  "run-failed": {
    meaning: "A run has failed.",
    lines: '{ $.message = "run failed" }',
    first:
      "follow `facts.hint` of the newest line, then start a run manually. If there is no line, see the outputs that begin with `Runs` and `FailedRunEvents`.",
  },
  "did-not-run": {
    meaning: "A job did not run.",
    lines: '{ ($.level = "ERROR") || ($.level = "WARN") }',
    first: "start it manually, then check its schedule.",
  },
} as const satisfies Readonly<Record<string, CommonAlarm>>;

/** Alarms that the log of `start-run` explains. */
export const startAlarms = {
  "start-failed": {
    meaning: "A run could not be started.",
    lines: '{ $.level = "ERROR" }',
    first: "manually start the job that the event names.",
  },
  "paused-too-long": {
    meaning: "A job has been paused for a week.",
    lines: '{ $.message = "run not started: the job is paused" }',
    first: "resume it, unless it must stay paused: `npx nightshift resume --stack <name>`.",
  },
} as const satisfies Readonly<Record<string, CommonAlarm>>;
