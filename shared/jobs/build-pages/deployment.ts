import { AnalyticsPrefix, ArchivePrefix, DerivedPrefix, StatePrefix } from "../../contract.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import { deployJob } from "../../job-deployment.ts";
import { PagesMetric } from "./metrics.ts";
import { pagesSetting } from "./settings.ts";

const { accounts, owners, pauses, index, access } = StatePrefix;
const pagesIndex = derivedKeys.pagesBuildIndex;
const { tables, figures, pages, built } = DerivedPrefix;

export const buildPagesDeployment = deployJob<typeof import("./check.ts"), typeof import("./audit.ts")>()({
  after: ["build-tables", "verify-archive"],
  scopes: [],
  writes: { state: [owners], derived: [figures, pagesIndex] },
  writesOnly: { derived: [pages] },
  lists: { derived: [pages] },
  reads: {
    archive: [ArchivePrefix.manifests, AnalyticsPrefix.manifests, "verifications/manifests/"],
    state: [accounts, index, "analytics/index/", pauses, access],
    derived: [tables, derivedKeys.tablesBuildIndex],
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
