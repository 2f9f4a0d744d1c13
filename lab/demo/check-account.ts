import { AccessReport } from "../../shared/core/access/access-line.ts";
import { stateKeys } from "../../shared/core/object-keys.ts";
import { type Cloud, stateBucket } from "./cloud.ts";

/** Runs `check-access` over the bundles as an operator does, and returns its report. */
export async function checkAccount({ sendRequest, lambda, aws }: Cloud): Promise<AccessReport> {
  const response = await sendRequest({ job: "check-access" });
  if (!response.started) throw new Error(`not started: ${JSON.stringify(response)}`);
  await lambda.waitFor(response.job, response.run);
  const report = await aws.read(stateBucket, stateKeys.accessReport(response.run));
  return AccessReport.parse(JSON.parse(report.toString()));
}
