import {
  type DurableContext,
  DurableExecutionApiClient,
  type DurableLambdaHandler,
  withDurableExecution,
} from "@aws/durable-execution-sdk-js";
import { createCheckpointClient } from "./checkpoint-client.ts";
import type { JobDefinition } from "./define-job.ts";
import type { Engine } from "./engine.ts";
import type { RunServices } from "./job.ts";
import { runJob } from "./run-job.ts";

/** Returns the Lambda durable function handler that runs a job. */
export function durable<Request, Services extends RunServices, Result, Outside>(
  definition: JobDefinition<Request, Services, Result, Outside>,
): DurableLambdaHandler {
  const job = { ...definition, ...definition.open(process.env) };
  return withDurableExecution((event: unknown, context) => runJob(job, durableEngine(context), event), {
    durableExecutionClient: createCheckpointClient(() => new DurableExecutionApiClient()),
  });
}

function durableEngine(context: DurableContext): Engine {
  return {
    // The SDK's default repeats any error six times. A slice never throws: it returns its error, and the run decides.
    step: (name, effect) => context.step(name, effect, { retryStrategy: () => ({ shouldRetry: false }) }),
    wait: (name, seconds) => context.wait(name, { seconds }),
  };
}
