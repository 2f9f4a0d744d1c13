import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { AfterJobs } from "./after-jobs.ts";
import type { Job } from "./job.ts";
import { NightlySchedule } from "./nightly-schedule.ts";

export interface StartJobsProps {
  /** What is deployed, by the job's name. */
  readonly jobs: Readonly<Record<string, Job>>;
  /** Times of day, HH:MM, that the settings give instead of the jobs' own. */
  readonly startAt: Readonly<Record<string, string | undefined>>;
  /** IANA name. */
  readonly timeZone: string;
  /** True while nothing is to start by itself. */
  readonly paused: boolean;
  readonly startRun: IFunction;
  /** Keeps what could not be delivered to `startRun`. */
  readonly failedStarts: IQueue;
}

/** Lets each job start by itself, by its schedule or after others; tells which do, for a job may wait for what is not deployed. */
export function addTriggers(scope: Construct, props: StartJobsProps): ReadonlySet<string> {
  const { jobs, startAt, timeZone, paused, startRun, failedStarts } = props;
  const common = { startRun, failedStarts, enabled: !paused };
  const triggered = Object.entries(jobs).filter(([job, { deployment }]) => {
    const { schedule, after = [] } = deployment;
    const others = after.flatMap((name) => jobs[name] ?? []);
    if (schedule !== undefined) {
      const expression = expressionOf(schedule, startAt[job]);
      new NightlySchedule(scope, `Nightly-${job}`, { ...common, job, expression, timeZone });
    }
    if (others.length > 0) new AfterJobs(scope, `After-${job}`, { ...common, job, after: others });
    return !paused && (schedule !== undefined || others.length > 0);
  });
  return new Set(triggered.map(([job]) => job));
}

/** A time of day, HH:MM, as an expression of EventBridge Scheduler's; without one, the job's own. */
function expressionOf(schedule: string, time: string | undefined): string {
  if (time === undefined) return schedule;
  const [hour, minute] = time.split(":").map(Number);
  return `cron(${minute} ${hour} * * ? *)`;
}
