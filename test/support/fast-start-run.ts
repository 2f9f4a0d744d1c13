import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { SdkHandler } from "../../lab/aws/sdk-handler.ts";
import { check as archive } from "../../shared/jobs/archive-calls/check.ts";
import { check as tables } from "../../shared/jobs/build-tables/check.ts";
import { check as analytics } from "../../shared/jobs/collect-analytics/check.ts";
import { type JobName, jobs } from "../../shared/jobs.ts";
import type { RunInput } from "../../shared/runtime/run-job.ts";
import { createStartRun, type StartResponse } from "../../shared/runtime/start-run.ts";
import { createContainer } from "./container.ts";
import { createMetricLines } from "./metric-lines.ts";
import { silentLog } from "./runtime/silent-log.ts";

const starts: Readonly<Record<JobName, typeof archive>> = {
  "archive-calls": archive,
  "collect-analytics": analytics,
  "build-tables": tables,
};

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
    metrics: createMetricLines("start-run", "start-run", () => {}),
    fetch: () => Promise.reject(new Error("start-run sends RingCentral no request")),
  });
  const startRun = createStartRun({
    targets: Object.fromEntries(Object.keys(jobs).map((job) => [job, `${job}:live`])),
    checkOf: async (job) => starts[job as JobName](environment, outside),
    lambda: lambda as unknown as LambdaClient,
    logOf: () => silentLog,
  });
  const response = await startRun(request);
  return { response, event };
}
