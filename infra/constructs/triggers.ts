import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { AfterJobs } from "./after-jobs.ts";
import type { Job } from "./job.ts";
import { NightlySchedule } from "./nightly-schedule.ts";

export interface AddTriggersProps {
  /** The deployed jobs by name. */
  readonly jobs: Readonly<Record<string, Job>>;
  /** Times of day, HH:MM, from the settings. They replace the jobs' default times. */
  readonly startAt: Readonly<Record<string, string | undefined>>;
  /** IANA name. */
  readonly timeZone: string;
  /** True while automatic starts are paused. */
  readonly paused: boolean;
  readonly startRun: IFunction;
  /** Receives events that could not be delivered to `startRun`. */
  readonly failedStarts: IQueue;
}

/** Adds a schedule or a rule for each job. Returns the jobs that start automatically: those after undeployed jobs do not. */
export function addTriggers(scope: Construct, props: AddTriggersProps): ReadonlySet<string> {
  const { jobs, startAt, timeZone, paused, startRun, failedStarts } = props;
  const common = { startRun, failedStarts, enabled: !paused };
  const triggered = Object.entries(jobs).filter(([job, { deployment }]) => {
    const { schedule, after = [] } = deployment;
    const precedingJobs = after.flatMap((name) => jobs[name] ?? []);
    if (schedule !== undefined) {
      const expression = expressionOf(schedule, startAt[job]);
      new NightlySchedule(scope, `Nightly-${job}`, { ...common, job, expression, timeZone });
    }
    if (precedingJobs.length > 0) new AfterJobs(scope, `After-${job}`, { ...common, job, after: precedingJobs });
    return !paused && (schedule !== undefined || precedingJobs.length > 0);
  });
  return new Set(triggered.map(([job]) => job));
}

/** Returns when each job with an enabled schedule starts, by name: the expression, a space and the time zone. */
export function schedulesOf({
  jobs,
  startAt,
  timeZone,
  paused,
}: Pick<AddTriggersProps, "jobs" | "startAt" | "timeZone" | "paused">): Readonly<Record<string, string>> {
  if (paused) return {};
  return Object.fromEntries(
    Object.entries(jobs).flatMap(
      ([
        job,
        {
          deployment: { schedule },
        },
      ]) => (schedule === undefined ? [] : [[job, `${expressionOf(schedule, startAt[job])} ${timeZone}`]]),
    ),
  );
}

/** Returns `time`, HH:MM, as an EventBridge Scheduler expression; without a time, the job's `schedule`. */
function expressionOf(schedule: string, time: string | undefined): string {
  if (time === undefined) return schedule;
  const [hour, minute] = time.split(":").map(Number);
  return `cron(${minute} ${hour} * * ? *)`;
}
