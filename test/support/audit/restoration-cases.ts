import type { AuditedAggregate } from "../../../shared/core/audited-aggregate.ts";
import { audited as calls } from "../../../shared/jobs/archive-calls/audit.ts";
import { audited as analytics } from "../../../shared/jobs/collect-analytics/audit.ts";
import { nightsOfAnalytics } from "./analytics-nights.ts";
import { analyticsTampering } from "./analytics-tampering.ts";
import type { TestArchive } from "./archive-lab.ts";
import { changeNewest, cutOffNewest, rewriteAll } from "./forgeries.ts";
import { ledgerTampering } from "./ledger-tampering.ts";
import { manifestTampering } from "./manifest-tampering.ts";
import { objectTampering } from "./object-tampering.ts";
import { restoreSample } from "./restore-sample.ts";
import { nightsOfCalls } from "./sample-archive.ts";
import { tamperWith, tamperWithAnalytics } from "./tamper.ts";
import type { Tampering } from "./tampering.ts";
import { verifySample } from "./verify-sample.ts";

interface Case {
  readonly what: string;
  readonly aggregate: AuditedAggregate;
  readonly by: (archive: TestArchive) => Promise<unknown>;
}

/** How a case ended: `problem` is undefined if it was healed. */
export interface EndedCase {
  readonly what: string;
  readonly problem: string | undefined;
}

/** What changes bytes beneath S3 can be tried in the lab only. */
const isOverS3 = ({ from }: Tampering<never>) => from !== "bytes";

/** Forged newest entries come before removed ones: after those only a proof shows which version a run wrote. */
const cases: readonly Case[] = [
  { what: "everything rewritten since some entry", aggregate: calls, by: (archive) => rewriteAll(archive) },
  { what: "the newest entry changed", aggregate: calls, by: changeNewest },
  ...[...objectTampering, ...manifestTampering, ...ledgerTampering]
    .filter(isOverS3)
    .map(({ what, by }) => ({ what, aggregate: calls, by: (archive: TestArchive) => by(tamperWith(archive)) })),
  ...analyticsTampering.filter(isOverS3).map(({ what, by }) => ({
    what: `analytics: ${what}`,
    aggregate: analytics,
    by: (archive: TestArchive) => by(tamperWithAnalytics(archive)),
  })),
  { what: "the newest entries cut off, with what they named", aggregate: calls, by: cutOffNewest },
];

/** Writes the sample archive and tries each case of that name in it, one after the other: each leaves it whole. */
export async function* tryRestorations(open: () => Promise<TestArchive>, name: string): AsyncGenerator<EndedCase> {
  const [ofCalls, ofAnalytics] = [await open(), await open()];
  await nightsOfCalls(ofCalls, undefined);
  await nightsOfAnalytics(ofAnalytics, undefined);
  for (const { what, aggregate, by } of cases.filter((one) => one.what.includes(name))) {
    const archive = aggregate === calls ? ofCalls : ofAnalytics;
    await by(archive);
    const { lines } = await restoreSample(archive, { aggregate });
    const left = [
      ...lines.filter((line) => !/^(?:restored|removed) /.test(line)),
      ...(await verifySample(archive, { aggregate, depth: "checksums" })).findingLines,
    ];
    const problem = lines.length === 0 ? "nothing was restored" : left[0];
    yield { what, problem };
  }
}
