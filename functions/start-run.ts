import { LambdaClient } from "@aws-sdk/client-lambda";
import { archiveStart } from "../shared/archive/start.ts";
import { parseTargets } from "../shared/runtime/config.ts";
import { createStartRun } from "../shared/runtime/start-run.ts";

let startRun: ReturnType<typeof createStartRun> | undefined;

export const handler = (event: unknown) => {
  startRun ??= createStartRun({
    jobs: { "archive-calls": archiveStart(process.env) },
    targets: parseTargets(process.env),
    lambda: new LambdaClient({}),
  });
  return startRun(event);
};
