import * as z from "zod/mini";
import { fieldErrorText } from "../core/field-errors.ts";
import { JobError } from "../errors.ts";
import type { Engine } from "./engine.ts";
import type { JobResources, JobSteps, Run, RunServices, RunStatus } from "./job.ts";
import { createRunContext, Superseded } from "./run-context.ts";

/** The event that `start-run` sends to a job's function. */
export const RunInput = z.object({ run: z.string(), manual: z.boolean(), request: z.unknown() });
export type RunInput = z.infer<typeof RunInput>;

/** How a run ended; `result` is what the job returned. */
export interface RunReport {
  readonly run: string;
  readonly status: RunStatus;
  readonly result: unknown;
}

/** A job's steps, with its resources in this container. */
export type OpenedJob<Request, Services extends RunServices, Result> = JobSteps<Request, Services, Result> &
  JobResources<Services>;

/** Runs a job on an engine. @throws JobError when the run failed; its message ends with the hint */
export async function runJob<Request, Services extends RunServices, Result>(
  job: OpenedJob<Request, Services, Result>,
  engine: Engine,
  event: unknown,
): Promise<RunReport> {
  try {
    return await executeRun(job, engine, event);
  } catch (error) {
    throw error instanceof JobError ? withHint(error) : error;
  }
}

async function executeRun<Request, Services extends RunServices, Result>(
  job: OpenedJob<Request, Services, Result>,
  engine: Engine,
  event: unknown,
): Promise<RunReport> {
  const { run: name, manual, request } = parse(RunInput, event);
  const run: Run = { name, manual };
  const context = createRunContext(engine, run, job);
  const end = async (status: RunStatus, result: unknown, error?: JobError): Promise<RunReport> => {
    const nextWindowAt = context.nextWindowAt();
    await engine.step(`end: ${status}`, () => reportRunEnd(job, run, { status, error, nextWindowAt }));
    return { run: name, status, result };
  };
  try {
    const parsed = parse(job.request, request);
    await context.claim();
    const result = await job.run(parsed, context);
    return await end(context.wasCut() ? "paused" : "finished", result);
  } catch (error) {
    if (error instanceof Superseded) return end("superseded", null);
    // The engine throws any other error to end an invocation.
    if (error instanceof JobError) await end("failed", null, error);
    throw error;
  }
}

interface RunEnd {
  readonly status: RunStatus;
  readonly error: JobError | undefined;
  /** When the run's last requests leave the rate window. */
  readonly nextWindowAt: Date | undefined;
}

/** Logs and counts how a run ended, and releases ownership for the next run. */
async function reportRunEnd<Services extends RunServices>(
  job: JobResources<Services>,
  run: Run,
  { status, error, nextWindowAt }: RunEnd,
): Promise<null> {
  const { ended, publish } = job.reporter(run);
  // A superseded run owns nothing, and its end is no sign of success or failure.
  const endedAt = status === "superseded" ? undefined : await release(job, run, { status, nextWindowAt });
  ended(status, error, endedAt);
  publish();
  return null;
}

/** Releases ownership. Returns the time by S3's clock if known, because this machine's may be wrong. */
async function release<Services extends RunServices>(
  job: JobResources<Services>,
  run: Run,
  { status, nextWindowAt }: Pick<RunEnd, "status" | "nextWindowAt">,
): Promise<Date | undefined> {
  let now: (() => Date) | undefined;
  try {
    const services = await job.services(run);
    now = services.now;
    await services.owner.release(run.name, nextWindowAt, status === "failed");
  } catch {
    // The next run then waits a whole window. A failure here must not hide how this run ended.
  }
  return now?.();
}

/** Appends the hint to the message: AWS keeps only name and message of the error that ends an execution. */
function withHint(error: JobError): JobError {
  const { code, message, hint, retryable, details, cause } = error;
  return new JobError(code, hint ? `${message}. ${hint}` : message, { hint, retryable, details, cause });
}

function parse<T>(schema: z.ZodMiniType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new JobError("REQUEST_INVALID", `The request is invalid: ${fieldErrorText(parsed.error.issues)}`, {
    hint: "Start runs with start-run, which checks a request before it starts anything.",
  });
}
