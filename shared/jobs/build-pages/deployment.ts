import { AnalyticsPrefix, ArchivePrefix, DerivedPrefix, StatePrefix } from "../../contract.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import { deployJob } from "../../job-deployment.ts";
import { PagesMetric } from "./metrics.ts";
import { pagesSetting } from "./settings.ts";

const { accounts, owners, pauses, index, access } = StatePrefix;
const pagesIndex = derivedKeys.pagesBuildIndex;
const { tables, figures, pages, built } = DerivedPrefix;
/** From these it reads how the archive stands. */
const archive = [ArchivePrefix.manifests, AnalyticsPrefix.manifests, "verifications/manifests/"];
const state = [accounts, index, "analytics/index/", pauses, access];

export const buildPagesDeployment = deployJob<typeof import("./check.ts"), typeof import("./audit.ts")>()({
  after: ["build-tables", "verify-archive"],
  needs: ["build-tables"],
  scopes: [],
  writes: { state: [owners], derived: [figures, pagesIndex] },
  writesOnly: { derived: [pages] },
  lists: { derived: [pages] },
  reads: { archive, state, derived: [tables, derivedKeys.tablesBuildIndex] },
  estimateReads: { archive, state: [...state, owners], derived: [built], lists: { derived: [figures, pages] } },
  derives: true,
  requestFields: [],
  metrics: PagesMetric,
  graphs: [{ title: "Pages", sums: [PagesMetric.pagesWritten] }],
  settings: { pages: pagesSetting },
  memoryMb: 1024,
  ephemeralStorageMb: 2_048,
});
