import { type AlarmText, alarmTexts, findAlarm } from "../shared/alarm-texts.ts";
import { type LogEvent, readLogEvents } from "../shared/aws/log-events.ts";
import { StackOutput } from "../shared/contract.ts";
import { withoutMarks } from "../shared/core/code-marks.ts";
import { nearestName } from "../shared/core/nearest-name.ts";
import { dayMs } from "../shared/core/time/days.ts";
import { JobError } from "../shared/errors.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import type { ExplainOptions } from "./explain-command.ts";
import { logEventLines } from "./log-event-lines.ts";
import { openStack, requiredOutput, type StackOutputs } from "./open-stack.ts";
import { openBuckets } from "./open-target.ts";
import { print, type Shell } from "./shell.ts";
import { stackJobs } from "./stack-jobs.ts";

/** Alarms' e-mails are read late, after a weekend or a holiday. */
const lookBackMs = 7 * dayMs;
const maxLines = 20;

/** Shows the log lines behind an alarm. @throws REQUEST_INVALID when there is no such alarm */
export async function explain(options: ExplainOptions, shell: Shell): Promise<ExitStatus> {
  const { stack: name = "", alarm: alarmName = "", json = false } = options;
  const stack = await openStack(name);
  const alarm = findAlarm(alarmName, stack.stack) ?? noAlarm(alarmName);
  const { archive } = await openBuckets(stack);
  // Any response of S3 sets the clock, also a refusal; the command needs nothing else of S3.
  await archive.bucket.head("first-look").catch(() => undefined);
  const since = new Date(archive.now().getTime() - lookBackMs);
  let found = 0;
  for (const [of, logGroup] of logsOf(stack, alarm)) {
    const events = await readLogEvents(logGroup, { pattern: alarm.lines, since, max: maxLines });
    found += events.length;
    for (const line of json ? jsonLines(of, events) : logEventLines(of, events, name)) print(shell, line);
  }
  if (!json) for (const line of adviceLines(alarm, found, name)) print(shell, line);
  return found === 0 ? exitStatus.whole : exitStatus.somethingIsWrong;
}

function noAlarm(name: string): never {
  const chapters = alarmTexts.map(({ chapter }) => chapter);
  throw new JobError("REQUEST_INVALID", `There is no alarm ${name} that a log explains`, {
    hint: `Name one of ${chapters.join(", ")}. Did you mean ${nearestName(name, chapters)}?`,
  });
}

/** The logs to read, by the function that writes them. */
function logsOf(stack: StackOutputs, { jobs }: AlarmText): (readonly [string, string])[] {
  const logOf = (name: string) => [name, requiredOutput(stack, StackOutput.log(name))] as const;
  if (jobs === undefined) return [logOf("start-run")];
  const deployed = stackJobs(stack).map(({ job }) => job);
  return jobs.filter((job) => deployed.includes(job)).map(logOf);
}

function jsonLines(of: string, events: readonly LogEvent[]): string[] {
  return events.map(({ at, line }) => JSON.stringify({ function: of, at: at.toISOString(), line }));
}

function adviceLines({ chapter, first }: AlarmText, found: number, stack: string): string[] {
  const lines =
    found === 0
      ? ["No such line in the last seven days."]
      : ["", "These lines are of the last seven days. If the alarm is not raised, nothing needs to be done."];
  return [...lines, `First: ${withoutMarks(first).replaceAll("<name>", stack)}`, `Read: docs/operations.md#${chapter}`];
}
