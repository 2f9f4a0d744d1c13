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

const forgedNewest: readonly Case[] = [
  { what: "everything rewritten since some entry", aggregate: calls, by: (archive) => rewriteAll(archive) },
  { what: "the newest entry changed", aggregate: calls, by: changeNewest },
];

const others: readonly Case[] = [
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

/** What a trial needs. */
export interface Trial {
  readonly open: () => Promise<TestArchive>;
  /** Waits until S3 stamps another second. */
  readonly secondPasses: () => Promise<void>;
}

/**
 * Writes the sample archive and tries each case of that name in it, one after the other: each leaves it whole. Forged newest
 * entries come in a second before removed ones, or else only a proof would show which version a run wrote.
 */
export async function* tryRestorations({ open, secondPasses }: Trial, name: string): AsyncGenerator<EndedCase> {
  const lab = { ofCalls: await open(), ofAnalytics: await open() };
  await nightsOfCalls(lab.ofCalls, undefined);
  await nightsOfAnalytics(lab.ofAnalytics, undefined);
  const isNamed = ({ what }: Case) => what.includes(name);
  const first = forgedNewest.filter(isNamed);
  yield* tryEach(lab, first);
  if (first.length > 0) await secondPasses();
  yield* tryEach(lab, others.filter(isNamed));
}

async function* tryEach(
  { ofCalls, ofAnalytics }: { readonly ofCalls: TestArchive; readonly ofAnalytics: TestArchive },
  cases: readonly Case[],
): AsyncGenerator<EndedCase> {
  for (const { what, aggregate, by } of cases) {
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
