import { AnalyticsPrefix, ArchivePrefix, StatePrefix } from "../../contract.ts";
import { deployJob } from "../../job-deployment.ts";
import { AnalyticsJobMetric } from "./metrics.ts";
import { analyticsSetting } from "./settings.ts";

const { tokens, owners, accounts } = StatePrefix;
const [queries, events] = ["analytics/queries/", "analytics/events/"] as const;
const [intents, index] = ["analytics/intents/", "analytics/index/"] as const;

export const collectAnalyticsDeployment = deployJob<typeof import("./check.ts"), typeof import("./audit.ts")>()({
  schedule: "cron(45 3 * * ? *)",
  scopes: ["ReadAccounts", "Analytics"],
  rateGroup: "light",
  writes: {
    archive: [ArchivePrefix.analytics],
    state: [tokens, owners, accounts, queries, events, index],
  },
  writesOnly: { state: [intents] },
  lists: { state: [intents] },
  expires: { [queries]: 30, [events]: 30 },
  oldVersionsExpire: [AnalyticsPrefix.responses],
  estimateReads: {
    archive: [AnalyticsPrefix.manifests, AnalyticsPrefix.ledger],
    state: [accounts, events, index],
    lists: { archive: [AnalyticsPrefix.responses], state: [intents, queries] },
  },
  keeps: "analytics",
  requestFields: ["groups"],
  metrics: AnalyticsJobMetric,
  graphs: [
    {
      title: "Days of analytics",
      sums: [AnalyticsJobMetric.analyticsDaysCollected, AnalyticsJobMetric.analyticsDaysChanged],
      gauges: [AnalyticsJobMetric.analyticsDaysIncomplete],
    },
  ],
  settings: { analytics: analyticsSetting },
  memoryMb: 1024,
  ephemeralStorageMb: 2_048,
});
