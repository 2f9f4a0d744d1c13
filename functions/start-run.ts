import { LambdaClient } from "@aws-sdk/client-lambda";
import { awsTimeouts } from "../shared/aws-timeouts.ts";
import { parseTargets } from "../shared/runtime/config.ts";
import { createLog } from "../shared/runtime/log.ts";
import { createMetrics } from "../shared/runtime/metrics.ts";
import { isRunEnd, reportRunEnd } from "../shared/runtime/report-run-end.ts";
import { type CheckRequest, createStartRun } from "../shared/runtime/start-run.ts";

let startRun: ReturnType<typeof createStartRun> | undefined;
const checks = new Map<string, CheckRequest>();

/** Returns the check of a job's requests: `check.ts` in its folder, loaded for its first request. */
async function checkOf(job: string): Promise<CheckRequest> {
  const known = checks.get(job);
  if (known) return known;
  const loaded: { check: (environment: NodeJS.ProcessEnv) => CheckRequest } = await import(
    `../shared/jobs/${job}/check.ts`
  );
  const check = loaded.check(process.env);
  checks.set(job, check);
  return check;
}

export const handler = async (event: unknown) => {
  const metricsOf = (job: string) => createMetrics(job, process.env);
  if (isRunEnd(event)) {
    return reportRunEnd(event, { targets: parseTargets(process.env), metricsOf });
  }
  startRun ??= createStartRun({
    targets: parseTargets(process.env),
    checkOf,
    lambda: new LambdaClient({ requestHandler: awsTimeouts }),
    logOf: (run) => createLog("start-run", run),
    metricsOf,
  });
  return startRun(event);
};
