import { LambdaClient } from "@aws-sdk/client-lambda";
import { archiveStart } from "../shared/archive/start.ts";
import type { JobName } from "../shared/jobs.ts";
import { parseTargets } from "../shared/runtime/config.ts";
import { type CheckRequest, createStartRun } from "../shared/runtime/start-run.ts";

let startRun: ReturnType<typeof createStartRun> | undefined;

export const handler = (event: unknown) => {
  startRun ??= createStartRun({
    jobs: { "archive-calls": archiveStart(process.env) } satisfies Record<JobName, CheckRequest>,
    targets: parseTargets(process.env),
    lambda: new LambdaClient({}),
  });
  return startRun(event);
};
