import * as z from "zod/mini";
import { fieldErrorText } from "../core/field-errors.ts";
import { JobError } from "../errors.ts";
import type { Engine } from "./engine.ts";
import type { JobDefinition, JobResources, Run, RunServices, RunStatus } from "./job.ts";
import { createRunContext, Superseded } from "./run-context.ts";

/** What a job's function is invoked with, by `start-run`. */
export const RunInput = z.object({ run: z.string(), manual: z.boolean(), request: z.unknown() });
export type RunInput = z.infer<typeof RunInput>;

/** How a run ended; `result` is what the job's story returned. */
export interface RunReport {
  readonly run: string;
  readonly status: RunStatus;
  readonly result: unknown;
}

/** Drives a job's story over an engine. @throws JobError when the run failed; its message says what to do, too */
export async function runJob<Request, Services extends RunServices, Result>(
  definition: JobDefinition<Request, Services, Result>,
  engine: Engine,
  event: unknown,
): Promise<RunReport> {
  try {
    return await executeRun(definition, engine, event);
  } catch (error) {
    throw error instanceof JobError ? withHint(error) : error;
  }
}

async function executeRun<Request, Services extends RunServices, Result>(
  definition: JobDefinition<Request, Services, Result>,
  engine: Engine,
  event: unknown,
): Promise<RunReport> {
  const { run: name, manual, request } = parse(RunInput, event);
  const run: Run = { name, manual };
  const steps = createRunContext(engine, run, definition);
  const end = async (status: RunStatus, result: unknown, error?: JobError): Promise<RunReport> => {
    const quietUntil = steps.nextWindowAt();
    await engine.step(`end: ${status}`, () => reportRunEnd(definition, run, { status, error, quietUntil }));
    return { run: name, status, result };
  };
  try {
    const parsed = parse(definition.request, request);
    await steps.claim();
    const result = await definition.run(parsed, steps);
    return await end(steps.wasCut() ? "paused" : "finished", result);
  } catch (error) {
    if (error instanceof Superseded) return end("superseded", null);
    // Any other error is the engine's own way of ending an invocation.
    if (error instanceof JobError) await end("failed", null, error);
    throw error;
  }
}

interface RunEnd {
  readonly status: RunStatus;
  readonly error: JobError | undefined;
  /** When the run's last requests will have left the rate window. */
  readonly quietUntil: Date | undefined;
}

/** Tells log, metrics and the next run how a run ended. */
async function reportRunEnd<Services extends RunServices>(
  job: JobResources<Services>,
  run: Run,
  { status, error, quietUntil }: RunEnd,
): Promise<null> {
  const { ended, publish } = job.reporter(run);
  // How a superseded run ended says nothing, and it owns nothing.
  const endedAt = status === "superseded" ? undefined : await release(job, run, quietUntil);
  ended(status, error, endedAt);
  publish();
  return null;
}

/** Gives the ownership back. Returns the time by S3's clock, where that can be had: this machine's may be wrong. */
async function release<Services extends RunServices>(
  job: JobResources<Services>,
  run: Run,
  quietUntil: Date | undefined,
): Promise<Date | undefined> {
  let now: (() => Date) | undefined;
  try {
    const services = await job.services(run);
    now = services.now;
    await services.owner.release(run.name, quietUntil);
  } catch {
    // The next run then waits a whole window; it must not hide how this one ended.
  }
  return now?.();
}

/** Of the error that ends an execution AWS keeps only name and message. */
function withHint(error: JobError): JobError {
  const { code, message, hint, retryable, details, cause } = error;
  return new JobError(code, hint ? `${message}. ${hint}` : message, { hint, retryable, details, cause });
}

function parse<T>(schema: z.ZodMiniType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new JobError("REQUEST_INVALID", `The request cannot be used: ${fieldErrorText(parsed.error.issues)}`, {
    hint: "Start runs through start-run, which checks a request before anything begins.",
  });
}
