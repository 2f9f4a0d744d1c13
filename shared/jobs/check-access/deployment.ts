import { ArchivePrefix, DerivedPrefix, StatePrefix } from "../../contract.ts";
import { deployJob } from "../../job-deployment.ts";
import { AccessMetric } from "./metrics.ts";

const { tokens, owners, accounts, index, access } = StatePrefix;

export const checkAccessDeployment = deployJob<typeof import("./check.ts")>()({
  schedule: "cron(0 3 * * ? *)",
  // Enough to know the account. With the token that all jobs share it checks what their scopes permit.
  scopes: ["ReadAccounts"],
  rateGroup: "light",
  writes: { state: [tokens, owners, access] },
  reads: { archive: [ArchivePrefix.manifests], derived: [DerivedPrefix.built], state: [index] },
  estimateReads: { state: [accounts] },
  requestFields: ["revoke"],
  metrics: AccessMetric,
  memoryMb: 512,
  ephemeralStorageMb: 512,
});
