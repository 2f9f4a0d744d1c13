import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod/mini";
import { fieldErrors } from "../core/field-errors.ts";
import { given, showing, trueOrFalse } from "../core/given-value.ts";
import { nearestName } from "../core/nearest-name.ts";
import type { Pause } from "../core/pause.ts";
import { type ErrorCode, JobError } from "../errors.ts";
import { functionName } from "./function-name.ts";
import type { Log } from "./log.ts";
import type { MetricsSink } from "./metrics.ts";
import { reportPause } from "./report-pause.ts";
import type { RunInput } from "./run-job.ts";
import { runName } from "./run-name.ts";

/** Result of a job's check of a request. */
export interface Checked {
  /** Every invalid field as `name: error`; empty if the request is valid. */
  readonly errors: readonly string[];
  /** The request to start the job with. */
  readonly request: unknown;
  /** Time of the check by S3's clock. */
  readonly at: Date;
  /** Estimates what the run will do, from what S3 contains. */
  readonly estimate: () => Promise<object>;
  /** Reads whether a job's automatic starts are paused. */
  readonly pauseOf: (job: string) => Promise<Pause>;
}

/** Checks the fields of a request that belong to the job. */
export type CheckRequest = (fields: Readonly<Record<string, unknown>>) => Promise<Checked>;

export interface StartRunOptions {
  /** ARN of each job's function alias, by job name. */
  readonly targets: Readonly<Record<string, string>>;
  /** Returns the request check of a job. */
  readonly checkOf: (job: string) => Promise<CheckRequest>;
  readonly lambda: LambdaClient;
  /** Returns the log for a run. */
  readonly logOf: (run: string) => Log;
  readonly metricsOf: (job: string) => MetricsSink;
}

/** Response of `start-run`. A schedule's refusal is thrown instead. */
export type StartResponse =
  | {
      readonly started: true;
      readonly job: string;
      readonly run: string;
      /** ARN of the durable execution; null if another event has started the run. */
      readonly execution: string | null;
      /** Null for a schedule, and if the estimate failed. */
      readonly estimate: object | null;
      /** Since when the job's automatic starts are paused, which a manual run does not heed; null if they are not. */
      readonly pausedSince: string | null;
    }
  /** Response to a schedule while the job is paused. */
  | { readonly started: false; readonly job: string; readonly pausedSince: string }
  | { readonly started: false; readonly job: string; readonly dryRun: true; readonly estimate: object }
  | {
      readonly started: false;
      readonly code: "REQUEST_INVALID";
      readonly errors: readonly string[];
      readonly hint: string;
    }
  /** The request may be valid: a check or read of `start-run` itself failed. */
  | {
      readonly started: false;
      readonly code: Exclude<ErrorCode, "REQUEST_INVALID">;
      readonly message: string;
      readonly hint: string | undefined;
    };

const defaultJob = "archive-calls";
/** At most 40 characters, because a run's name has 64. */
const ScheduledTime = z.iso
  .datetime({ offset: true, ...showing("expected an instant, as 2026-11-03T03:30:00Z") })
  .check(z.maxLength(40, "is too long"));
const Envelope = z.looseObject(
  {
    job: z._default(z.string(showing("expected the name of a job")), defaultJob),
    scheduledTime: z.optional(ScheduledTime),
    dryRun: z._default(z.boolean(trueOrFalse), false),
  },
  `expected an object, as {"job":"${defaultJob}"}`,
);

/**
 * Starts runs, for schedules and operators: checks the whole request, estimates the run, and starts the job. The run's name
 * is made from the scheduled time or the request, so that an event delivered twice starts one run.
 */
export function createStartRun({
  targets,
  checkOf,
  lambda,
  logOf,
  metricsOf,
}: StartRunOptions): (event: unknown) => Promise<StartResponse> {
  return async (event) => {
    const isOperator = !isScheduled(event);
    const refuse = isOperator ? refusal : refuseSchedule;
    const { job, scheduledTime, dryRun, fields, errors: envelopeErrors } = openEnvelope(event);
    if (job === undefined) return refuse(envelopeErrors);
    const target = Object.hasOwn(targets, job) ? targets[job] : undefined;
    if (target === undefined) return refuse([...envelopeErrors, noSuchJob(job, Object.keys(targets))]);
    const checked = await catchForOperator(async () => (await checkOf(job))(fields), isOperator);
    if (checked instanceof JobError) return failure(checked);
    const { errors, request, at, estimate, pauseOf } = checked;
    if (envelopeErrors.length + errors.length > 0) return refuse([...envelopeErrors, ...errors]);
    if (dryRun) {
      const estimated = await catchForOperator(estimate, isOperator);
      return estimated instanceof JobError ? failure(estimated) : { started: false, job, dryRun, estimate: estimated };
    }
    if (namesNothing(event)) return emptyRequest(Object.keys(targets));

    const run = runName({ job, target, scheduledTime, request, now: at });
    const manual = scheduledTime === undefined;
    const log = logOf(run);
    const pause = await (manual ? pauseOf(job).catch(notKnown) : pauseOf(job));
    const pausedSince = pause.type === "paused" ? pause.since : null;
    if (!manual) reportPause(pause, { now: at, log, metrics: metricsOf(job) });
    if (!manual && pausedSince !== null) return { started: false, job, pausedSince };
    // Estimated first, because nothing may fail once the run has been started.
    const estimated = manual ? await estimate().catch(() => null) : null;
    const execution = await start({ lambda, target, log }, { run, manual, request });
    return { started: true, job, run, execution, estimate: estimated, pausedSince };
  };
}

/**
 * Returns a JobError to an operator, who reads its hint. For a schedule it is thrown, so that the failed event is kept
 * and raises an alarm.
 */
async function catchForOperator<T>(work: () => Promise<T>, isOperator: boolean): Promise<T | JobError> {
  try {
    return await work();
  } catch (error) {
    if (isOperator && error instanceof JobError) return error;
    throw error;
  }
}

/** A manual run starts anyway. */
function notKnown(): Pause {
  return { type: "none" };
}

/** True for a request that has no field, or only fields that are false. */
function namesNothing(event: unknown): boolean {
  return Object.values(Object(event)).every((value) => value === false);
}

/**
 * Parses the fields common to all jobs. If they are invalid but name a job, that job's own fields are still checked.
 */
function openEnvelope(event: unknown) {
  const parsed = Envelope.safeParse(event ?? {});
  if (parsed.success) {
    const { job, scheduledTime, dryRun, ...fields } = parsed.data;
    return { job, scheduledTime, dryRun, fields, errors: [] };
  }
  const errors = fieldErrors(parsed.error.issues);
  const isObject = parsed.error.issues.every(({ path }) => path.length > 0);
  const { job = defaultJob, scheduledTime, dryRun, ...fields } = Object(event) as Readonly<Record<string, unknown>>;
  const named = isObject && typeof job === "string" ? job : undefined;
  return { job: named, scheduledTime: undefined, dryRun: false, fields, errors };
}

/** Returns the error for an unknown job: the existing jobs, and the nearest name. */
function noSuchJob(job: string, jobs: readonly string[]): string {
  const meant = jobs.length > 1 ? `; did you mean ${nearestName(job, jobs)}?` : "";
  return `job: there is ${jobs.join(", ")}${meant}${given(job)}`;
}

interface Starter {
  readonly lambda: LambdaClient;
  readonly target: string;
  readonly log: Log;
}

/** Starts the job's alias. Returns the ARN of the execution, or null if it had been started before. */
async function start({ lambda, target, log }: Starter, event: RunInput): Promise<string | null> {
  const { run, manual } = event;
  const invoke = new InvokeCommand({
    FunctionName: target,
    InvocationType: "Event",
    DurableExecutionName: run,
    Payload: JSON.stringify(event),
  });
  try {
    const { DurableExecutionArn } = await lambda.send(invoke);
    // Lambda returns any execution started under this name with this payload, even another function's.
    if (DurableExecutionArn && functionName(DurableExecutionArn) !== functionName(target)) throw nameTaken(run);
    return DurableExecutionArn ?? null;
  } catch (cause) {
    if (cause instanceof JobError) throw cause;
    if (!(cause instanceof Error) || cause.name !== "DurableExecutionAlreadyStartedException")
      throw startFailed(run, cause);
    // For an operator it is a different request under the same name; for a schedule the same event, delivered twice around an update.
    if (manual) throw nameTaken(run, cause);
    log.warn("run already started", { run });
    return null;
  }
}

function nameTaken(run: string, cause?: unknown): JobError {
  return new JobError("START_FAILED", `The run ${run} was not started: another run has this name`, {
    cause,
    retryable: true,
    hint: "Send the request again in a minute.",
  });
}

function startFailed(run: string, cause: unknown): JobError {
  return new JobError(
    "START_FAILED",
    `Lambda answered ${cause instanceof Error ? cause.name : "?"} when run ${run} was started`,
    {
      cause,
      retryable: true,
      hint: "Start it again. If it keeps failing, compare the role of start-run with the deployed stack.",
    },
  );
}

function refusal(errors: readonly string[]): StartResponse {
  return {
    started: false,
    code: "REQUEST_INVALID",
    errors,
    hint: "Nothing was started. Fix every field listed and send the request again.",
  };
}

function emptyRequest([job = defaultJob, ...others]: readonly string[]): StartResponse {
  const otherJobs = others.length > 0 ? ` (or ${others.join(", ")})` : "";
  return {
    started: false,
    code: "REQUEST_INVALID",
    errors: ["(whole): is empty"],
    hint: `Nothing was started. Send {"job":"${job}"}${otherJobs} to run now what the schedule runs, or {"dryRun":true} to see what that is.`,
  };
}

function failure({ code, message, hint }: JobError): StartResponse {
  return { started: false, code: code as Exclude<ErrorCode, "REQUEST_INVALID">, message, hint };
}

/**
 * Throws, because the response to a schedule is not read: only a failure reaches the failure destination and its alarm.
 */
function refuseSchedule(errors: readonly string[]): never {
  throw new JobError("REQUEST_INVALID", `The schedule's request is invalid: ${errors.join("; ")}`, {
    hint: "Deploy the stack again.",
  });
}

function isScheduled(event: unknown): boolean {
  return typeof event === "object" && event !== null && "scheduledTime" in event;
}
