import { AnalyticsPrefix, ArchivePrefix, DerivedPrefix, StatePrefix } from "../../contract.ts";
import { deployJob } from "../../job-deployment.ts";
import { PagesMetric } from "./metrics.ts";
import { pagesSetting } from "./settings.ts";

const { accounts, owners, pauses, index, access } = StatePrefix;
const { tables, figures, pages, built } = DerivedPrefix;

export const buildPagesDeployment = deployJob<typeof import("./check.ts"), typeof import("./audit.ts")>()({
  after: ["build-tables", "verify-archive"],
  scopes: [],
  writes: { state: [owners], derived: [figures, built] },
  writesOnly: { derived: [pages] },
  lists: { derived: [pages] },
  reads: {
    archive: [ArchivePrefix.manifests, AnalyticsPrefix.manifests, "verifications/manifests/"],
    state: [accounts, index, "analytics/index/", pauses, access],
    derived: [tables],
  },
  estimateReads: { state: [accounts], derived: [built] },
  derives: true,
  requestFields: [],
  metrics: PagesMetric,
  graphs: [{ title: "Pages", sums: [PagesMetric.pagesWritten] }],
  settings: { pages: pagesSetting },
  memoryMb: 1024,
  ephemeralStorageMb: 2_048,
});
