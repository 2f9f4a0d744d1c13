import { ArchivePrefix, DerivedPrefix, StatePrefix } from "../../contract.ts";
import { deployJob } from "../../job-deployment.ts";
import { verifyAlarms } from "./alarms.ts";
import { VerifyMetric } from "./metrics.ts";

const { owners, accounts } = StatePrefix;
const { verifications } = ArchivePrefix;

export const verifyArchiveDeployment = deployJob<typeof import("./check.ts"), typeof import("./audit.ts")>()({
  schedule: "cron(0 6 * * ? *)",
  scopes: [],
  writes: { archive: [verifications], state: [owners, verifications] },
  // An intent names the day file that a run was about to write.
  reads: { state: [accounts, "intents/"], derived: Object.values(DerivedPrefix) },
  // Objects that no job writes may have any name.
  lists: { archive: [""], state: [""], derived: [""] },
  estimateReads: { state: [accounts] },
  keeps: "verifications",
  verifies: true,
  requestFields: ["parts"],
  metrics: VerifyMetric,
  alarms: verifyAlarms,
  graphs: [
    {
      title: "Verification",
      sums: [VerifyMetric.objectsRead],
      gauges: [VerifyMetric.findings, VerifyMetric.objectsOffline],
    },
  ],
  memoryMb: 1769,
  ephemeralStorageMb: 512,
});
