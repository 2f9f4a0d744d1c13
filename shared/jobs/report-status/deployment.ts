import { AnalyticsPrefix, ArchivePrefix, StatePrefix } from "../../contract.ts";
import { deployJob } from "../../job-deployment.ts";
import { StatusMetric } from "./metrics.ts";

const { accounts, owners, pauses, index, access } = StatePrefix;

export const reportStatusDeployment = deployJob<typeof import("./check.ts")>()({
  schedule: "cron(0 7 * * ? *)",
  scopes: [],
  writes: { state: [owners] },
  reads: {
    archive: [ArchivePrefix.manifests, AnalyticsPrefix.manifests, "verifications/manifests/"],
    state: [accounts, index, "analytics/index/", pauses, access],
  },
  notifies: true,
  estimateReads: { state: [accounts] },
  requestFields: [],
  metrics: StatusMetric,
  graphs: [{ title: "The archive", gauges: Object.values(StatusMetric), isNumbers: true }],
  memoryMb: 512,
  ephemeralStorageMb: 512,
});
