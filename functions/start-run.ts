import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { archiveStart } from "../shared/archive/start.ts";
import { createS3Clock } from "../shared/aws/s3-clock.ts";
import { parseTargets } from "../shared/runtime/config.ts";
import { createStartRun } from "../shared/runtime/start-run.ts";

let startRun: ReturnType<typeof createStartRun> | undefined;

export const handler = (event: unknown) => {
  startRun ??= open(process.env);
  return startRun(event);
};

function open(environment: NodeJS.ProcessEnv) {
  const s3 = new S3Client({});
  const now = createS3Clock(s3, Date.now);
  return createStartRun({
    jobs: { "archive-calls": archiveStart(s3, now, environment) },
    targets: parseTargets(environment),
    lambda: new LambdaClient({}),
    now,
  });
}
