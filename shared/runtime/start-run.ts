import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod/mini";
import { fieldErrors } from "../core/field-errors.ts";
import { given, showing, trueOrFalse } from "../core/given-value.ts";
import { nearestName } from "../core/nearest-name.ts";
import { type ErrorCode, JobError } from "../errors.ts";
import { functionName } from "./function-name.ts";
import type { Log } from "./log.ts";
import type { RunInput } from "./run-job.ts";
import { runName } from "./run-name.ts";

/** What a job tells of a request before anything begins. */
export interface Checked {
  /** Every wrong field, `name: what is wrong`; empty when the request is good. */
  readonly errors: readonly string[];
  /** What the job is to be started with. */
  readonly request: unknown;
  /** When it was checked, by a clock that can be trusted. */
  readonly at: Date;
  /** What it will do, as far as S3 knows: for people. */
  readonly estimate: () => Promise<object>;
}

/** Checks the fields of a request that are the job's own. */
export type CheckRequest = (fields: Readonly<Record<string, unknown>>) => Promise<Checked>;

export interface StartRunOptions {
  /** The alias of each job's function, by the job's name: these can be started. */
  readonly targets: Readonly<Record<string, string>>;
  /** How each job checks a request. */
  readonly checkOf: (job: string) => Promise<CheckRequest>;
  readonly lambda: LambdaClient;
  /** Where a run is logged that had been started before. */
  readonly logOf: (run: string) => Log;
}

export type StartResponse =
  | {
      readonly started: true;
      readonly job: string;
      readonly run: string;
      /** Null for a schedule, which nobody reads, and when it could not be made. */
      readonly estimate: object | null;
    }
  | { readonly started: false; readonly job: string; readonly dryRun: true; readonly estimate: object }
  | {
      readonly started: false;
      readonly code: "REQUEST_INVALID";
      readonly errors: readonly string[];
      readonly hint: string;
    }
  /** The request may be good: what `start-run` itself looks at failed. */
  | {
      readonly started: false;
      readonly code: Exclude<ErrorCode, "REQUEST_INVALID">;
      readonly message: string;
      readonly hint: string | undefined;
    };

const defaultJob = "archive-calls";
/** A run's name of 64 characters has no room for a longer one. */
const Instant = z.iso
  .datetime({ offset: true, ...showing("expected an instant, as 2026-11-03T03:30:00Z") })
  .check(z.maxLength(40, "is too long"));
const Envelope = z.looseObject(
  {
    job: z._default(z.string(showing("expected the name of a job")), defaultJob),
    scheduledTime: z.optional(Instant),
    dryRun: z._default(z.boolean(trueOrFalse), false),
  },
  `expected an object, as {"job":"${defaultJob}"}`,
);

/**
 * The one door for schedules and people: checks a request whole, tells what it will do, and starts the job under a name
 * made from the scheduled time or the request, so that what is delivered twice starts once.
 */
export function createStartRun({
  targets,
  checkOf,
  lambda,
  logOf,
}: StartRunOptions): (event: unknown) => Promise<StartResponse> {
  return async (event) => {
    const isOperator = !isScheduled(event);
    const refuse = isOperator ? refusal : refuseSchedule;
    const { job, scheduledTime, dryRun, fields, complaints } = openEnvelope(event);
    if (job === undefined) return refuse(complaints);
    const target = Object.hasOwn(targets, job) ? targets[job] : undefined;
    if (target === undefined) return refuse([...complaints, noSuchJob(job, Object.keys(targets))]);
    const checked = await attempt(async () => (await checkOf(job))(fields), isOperator);
    if (checked instanceof JobError) return failure(checked);
    const { errors, request, at, estimate } = checked;
    if (complaints.length + errors.length > 0) return refuse([...complaints, ...errors]);
    if (dryRun) {
      const estimated = await attempt(estimate, isOperator);
      return estimated instanceof JobError ? failure(estimated) : { started: false, job, dryRun, estimate: estimated };
    }
    if (namesNothing(event)) return emptyRequest(Object.keys(targets));

    const run = runName({ job, target, scheduledTime, request, now: at });
    const manual = scheduledTime === undefined;
    // Made first, for nothing may fail once the run has been started.
    const estimated = manual ? await estimate().catch(() => null) : null;
    await start({ lambda, target, log: logOf(run) }, { run, manual, request });
    return { started: true, job, run, estimate: estimated };
  };
}

/** An error of ours, returned for an operator, who reads its hint; the error of a schedule is thrown, so that it is kept and seen. */
async function attempt<T>(work: () => Promise<T>, isOperator: boolean): Promise<T | JobError> {
  try {
    return await work();
  } catch (error) {
    if (isOperator && error instanceof JobError) return error;
    throw error;
  }
}

/** True for a request of no field but switches that are off. */
function namesNothing(event: unknown): boolean {
  return Object.values(Object(event)).every((value) => value === false);
}

/** What every request may say, apart from what is the job's own; a mistake here does not hide one there, if it shows which job is meant. */
function openEnvelope(event: unknown) {
  const parsed = Envelope.safeParse(event ?? {});
  if (parsed.success) {
    const { job, scheduledTime, dryRun, ...fields } = parsed.data;
    return { job, scheduledTime, dryRun, fields, complaints: [] };
  }
  const complaints = fieldErrors(parsed.error.issues);
  const isObject = parsed.error.issues.every(({ path }) => path.length > 0);
  const { job = defaultJob, scheduledTime, dryRun, ...fields } = Object(event) as Readonly<Record<string, unknown>>;
  const named = isObject && typeof job === "string" ? job : undefined;
  return { job: named, scheduledTime: undefined, dryRun: false, fields, complaints };
}

/** The jobs that there are, and which of them was probably meant. */
function noSuchJob(job: string, jobs: readonly string[]): string {
  const meant = jobs.length > 1 ? `; did you mean ${nearestName(job, jobs)}?` : "";
  return `job: there is ${jobs.join(", ")}${meant}${given(job)}`;
}

interface Starter {
  readonly lambda: LambdaClient;
  readonly target: string;
  readonly log: Log;
}

async function start({ lambda, target, log }: Starter, event: RunInput): Promise<void> {
  const { run, manual } = event;
  const invoke = new InvokeCommand({
    FunctionName: target,
    InvocationType: "Event",
    DurableExecutionName: run,
    Payload: JSON.stringify(event),
  });
  try {
    const { DurableExecutionArn } = await lambda.send(invoke);
    // Lambda returns whatever was started under this name with this payload, another function's execution too.
    if (DurableExecutionArn && functionName(DurableExecutionArn) !== functionName(target)) throw nameTaken(run);
  } catch (cause) {
    if (cause instanceof JobError) throw cause;
    if (!(cause instanceof Error) || cause.name !== "DurableExecutionAlreadyStartedException")
      throw startFailed(run, cause);
    // An operator's other request under the same name is another run; a schedule's is the same, delivered twice around an update.
    if (manual) throw nameTaken(run, cause);
    log.warn("run already started", { run });
  }
}

function nameTaken(run: string, cause?: unknown): JobError {
  return new JobError(
    "START_FAILED",
    `Starting the run ${run} found another run under this name, and started nothing`,
    {
      cause,
      retryable: true,
      hint: "Send the request again in a minute.",
    },
  );
}

function startFailed(run: string, cause: unknown): JobError {
  return new JobError("START_FAILED", `Starting the run ${run} answered ${cause instanceof Error ? cause.name : "?"}`, {
    cause,
    retryable: true,
    hint: "Start it again; if it stays, compare the role of start-run with the deployed stack.",
  });
}

function refusal(errors: readonly string[]): StartResponse {
  return {
    started: false,
    code: "REQUEST_INVALID",
    errors,
    hint: "Nothing was started. Mend every field named and send it again.",
  };
}

function emptyRequest([job = defaultJob, ...others]: readonly string[]): StartResponse {
  const otherJobs = others.length > 0 ? ` (or ${others.join(", ")})` : "";
  return {
    started: false,
    code: "REQUEST_INVALID",
    errors: ["(whole): is empty"],
    hint: `Nothing was started. Send {"job":"${job}"}${otherJobs} to do now what the night does, or {"dryRun":true} to be told what that is.`,
  };
}

function failure({ code, message, hint }: JobError): StartResponse {
  return { started: false, code: code as Exclude<ErrorCode, "REQUEST_INVALID">, message, hint };
}

/** Nobody reads the answer to a schedule: it must fail, so that the failure destination and the alarm see it. */
function refuseSchedule(errors: readonly string[]): never {
  throw new JobError("REQUEST_INVALID", `The schedule sends a request that cannot be used: ${errors.join("; ")}`, {
    hint: "Deploy the stack again.",
  });
}

function isScheduled(event: unknown): boolean {
  return typeof event === "object" && event !== null && "scheduledTime" in event;
}
