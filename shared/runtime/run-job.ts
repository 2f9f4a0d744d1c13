import * as z from "zod/mini";
import { wrongFields } from "../core/zod-issues.ts";
import { JobError } from "../errors.ts";
import type { Engine } from "./engine.ts";
import type { JobDefinition, Run, RunServices, RunStatus } from "./job.ts";
import { createSteps, Superseded } from "./steps.ts";

/** What a job's function is invoked with, by `start-run`. */
export const RunEvent = z.object({ run: z.string(), manual: z.boolean(), request: z.unknown() });
export type RunEvent = z.infer<typeof RunEvent>;

/** How a run ended; `result` is what the job's story returned. */
export interface RunReport {
  readonly run: string;
  readonly status: RunStatus;
  readonly result: unknown;
}

/** Drives a job's story over an engine. @throws JobError when the run failed */
export async function runJob<Request, Services extends RunServices, Result>(
  definition: JobDefinition<Request, Services, Result>,
  engine: Engine,
  event: unknown,
): Promise<RunReport> {
  const { run: name, manual, request } = parse(RunEvent, event);
  const run: Run = { name, manual };
  const steps = createSteps(engine, run, definition.services);
  const end = async (status: RunStatus, result: unknown, error?: JobError): Promise<RunReport> => {
    await engine.step(`end: ${status}`, () => noteEnd(definition, run, status, error));
    return { run: name, status, result };
  };
  try {
    const parsed = parse(definition.request, request);
    await steps.takeOwnership();
    const result = await definition.story(parsed, steps);
    return await end(steps.wasCut() ? "paused" : "done", result);
  } catch (error) {
    if (error instanceof Superseded) return end("superseded", null);
    // Any other error is the engine's own way of ending an invocation.
    if (error instanceof JobError) await end("failed", null, error);
    throw error;
  }
}

/** Tells log, metrics and the next run; what fails here must not hide how the run ended. */
async function noteEnd<Services extends RunServices>(
  definition: { readonly services: (run: Run) => Promise<Services> },
  run: Run,
  status: RunStatus,
  error: JobError | undefined,
): Promise<null> {
  const services = await definition.services(run).catch(() => undefined);
  if (!services) return null;
  services.ended(status, error);
  services.publish();
  if (status !== "superseded") await services.owner.release(run.name).catch(() => undefined);
  return null;
}

function parse<T>(schema: z.ZodMiniType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new JobError("REQUEST_INVALID", `The request cannot be used: ${wrongFields(parsed.error.issues)}`, {
    todo: "Start runs through start-run, which checks a request before anything begins.",
  });
}
