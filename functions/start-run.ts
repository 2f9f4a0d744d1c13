import { LambdaClient } from "@aws-sdk/client-lambda";
import { awsTimeouts } from "../shared/aws-timeouts.ts";
import { parseTargets } from "../shared/runtime/config.ts";
import { createLog } from "../shared/runtime/log.ts";
import { createMetrics } from "../shared/runtime/metrics.ts";
import { isRunEnd, reportRunEnd } from "../shared/runtime/report-run-end.ts";
import { type CheckRequest, createStartRun } from "../shared/runtime/start-run.ts";

let startRun: ReturnType<typeof createStartRun> | undefined;
const checks = new Map<string, CheckRequest>();

/** A job's own check, `start.ts` in its folder, loaded when it is first asked for. */
async function checkOf(job: string): Promise<CheckRequest> {
  const { start } = await import(`../shared/jobs/${job}/start.ts`);
  const check = checks.get(job) ?? (start as (environment: NodeJS.ProcessEnv) => CheckRequest)(process.env);
  checks.set(job, check);
  return check;
}

export const handler = async (event: unknown) => {
  if (isRunEnd(event)) return reportRunEnd(event, { targets: parseTargets(process.env), metricsOf: createMetrics });
  startRun ??= createStartRun({
    targets: parseTargets(process.env),
    checkOf,
    lambda: new LambdaClient({ requestHandler: awsTimeouts }),
    logOf: (run) => createLog("start-run", run),
  });
  return startRun(event);
};
