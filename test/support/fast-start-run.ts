import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { SdkHandler } from "../../lab/aws/sdk-handler.ts";
import { jobs } from "../../shared/jobs.ts";
import type { RunInput } from "../../shared/runtime/run-job.ts";
import { createStartRun, type StartResponse } from "../../shared/runtime/start-run.ts";
import type { OpenRequestCheck } from "../../shared/wiring/request-check.ts";
import { createContainer } from "./container.ts";
import { createMetricLines } from "./metric-lines.ts";
import { silentLog } from "./runtime/silent-log.ts";

async function checkIn(job: string): Promise<OpenRequestCheck> {
  const { check }: { readonly check: OpenRequestCheck } = await import(`../../shared/jobs/${job}/check.ts`);
  return check;
}

export interface FastStartRunOptions {
  readonly aws: SdkHandler;
  readonly environment: Readonly<Record<string, string>>;
}

/** Response of `start-run`, and the runs that it started. */
export interface FastStart {
  readonly response: StartResponse;
  readonly event: RunInput | undefined;
}

/** Runs the deployed `start-run` in a new container. */
export async function fastStartRun({ aws, environment }: FastStartRunOptions, request: unknown): Promise<FastStart> {
  let event: RunInput | undefined;
  const lambda = {
    send: async ({ input }: { readonly input: { readonly Payload: string } }) => {
      event = JSON.parse(input.Payload);
      return {};
    },
  };
  const { outside } = createContainer({
    aws,
    log: silentLog,
    metrics: createMetricLines("start-run", () => {}),
    fetch: () => Promise.reject(new Error("start-run sends RingCentral no request")),
  });
  const startRun = createStartRun({
    targets: Object.fromEntries(Object.keys(jobs).map((job) => [job, `${job}:live`])),
    checkOf: async (job) => (await checkIn(job))(environment, outside),
    lambda: lambda as unknown as LambdaClient,
    logOf: () => silentLog,
    metricsOf: () => createMetricLines("start-run", () => {}),
  });
  const response = await startRun(request);
  return { response, event };
}
