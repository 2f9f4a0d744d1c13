import { ArchivePrefix, StatePrefix } from "../../contract.ts";
import { deployJob } from "../../job-deployment.ts";
import { archiveAlarms } from "./alarms.ts";
import { ArchiveMetric } from "./metrics.ts";
import { settlingSetting } from "./settings.ts";

const { tokens, owners, accounts, index } = StatePrefix;
const [listings, plans, events] = ["listings/", "plans/", "events/"] as const;
const intents = "intents/";

export const archiveCallsDeployment = deployJob<typeof import("./check.ts"), typeof import("./audit.ts")>()({
  schedule: "cron(30 3 * * ? *)",
  scopes: ["ReadAccounts", "ReadCallLog", "ReadCallRecording"],
  rateGroup: "heavy",
  writes: {
    archive: [ArchivePrefix.calls, ArchivePrefix.recordings, ArchivePrefix.manifests, ArchivePrefix.ledger],
    state: [tokens, owners, accounts, listings, plans, events, intents, index],
  },
  expires: { [listings]: 30, [plans]: 30, [events]: 30 },
  oldVersionsExpire: [ArchivePrefix.calls],
  estimateReads: {
    archive: [ArchivePrefix.manifests, ArchivePrefix.ledger],
    state: [accounts, events, index],
    lists: { archive: [ArchivePrefix.recordings], state: [intents] },
  },
  keeps: "calls",
  requestFields: ["relist", "acceptShrunk"],
  metrics: ArchiveMetric,
  alarms: archiveAlarms,
  graphs: [
    {
      title: "Recordings",
      sums: [ArchiveMetric.recordingsStored, ArchiveMetric.recordingsLost],
      gauges: [ArchiveMetric.recordingsPending],
    },
    {
      title: "Time left",
      gauges: [ArchiveMetric.backlogNights, ArchiveMetric.daysUntilDeletion, ArchiveMetric.oldestPendingDays],
    },
    { title: "Days", sums: [ArchiveMetric.daysListed, ArchiveMetric.daysClosed], gauges: [ArchiveMetric.daysOpen] },
    { title: "Bytes", sums: [ArchiveMetric.recordingBytesStored] },
  ],
  settings: { settling: settlingSetting },
  memoryMb: 1024,
  ephemeralStorageMb: 10_240,
});
