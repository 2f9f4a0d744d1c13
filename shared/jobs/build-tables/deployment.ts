import { AnalyticsPrefix, ArchivePrefix, DerivedPrefix, StatePrefix } from "../../contract.ts";
import { deployJob } from "../../job-deployment.ts";
import { TablesMetric } from "./metrics.ts";

export const buildTablesDeployment = deployJob<typeof import("./check.ts"), typeof import("./audit.ts")>()({
  after: ["archive-calls", "collect-analytics"],
  scopes: [],
  writes: { state: [StatePrefix.owners], derived: [DerivedPrefix.tables, DerivedPrefix.built] },
  reads: {
    archive: [ArchivePrefix.calls, ArchivePrefix.manifests, AnalyticsPrefix.manifests, AnalyticsPrefix.responses],
    state: [StatePrefix.accounts],
  },
  estimateReads: {
    archive: [ArchivePrefix.manifests, AnalyticsPrefix.manifests],
    state: [StatePrefix.accounts],
    derived: [DerivedPrefix.built],
    lists: { derived: [DerivedPrefix.tables] },
  },
  derives: true,
  requestFields: ["rebuild"],
  metrics: TablesMetric,
  graphs: [{ title: "Tables", sums: [TablesMetric.tablesWritten], gauges: [TablesMetric.callDiscrepancy] }],
  memoryMb: 1024,
  ephemeralStorageMb: 2_048,
});
