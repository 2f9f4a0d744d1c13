import { auditedAggregates } from "../shared/audit/audited-aggregates.ts";
import { findStrays } from "../shared/audit/find-strays.ts";
import { createRunEvidence } from "../shared/audit/run-evidence.ts";
import { type Verification, verifyArchive } from "../shared/audit/verify-archive.ts";
import type { AggregateName } from "../shared/core/day-aggregate.ts";
import type { Finding } from "../shared/core/finding.ts";
import type { VerifyOptions } from "./verify-command.ts";
import { anchorOf, selectionOf, type VerifyWork } from "./verify-work.ts";

/** Called for each checked object. */
export type OnObject = (key: string, findings: readonly Finding[]) => void;

interface BucketsToVerify extends VerifyWork {
  readonly onFinding: (finding: Finding) => void;
  readonly onObject: OnObject | undefined;
}

/** Verifies all that a target has. Returns what was checked of each aggregate. */
export async function verifyBuckets(
  work: BucketsToVerify,
  onVerified: (verification: Verification) => void,
): Promise<Verification[]> {
  const { options, account, target, publicKey, onFinding, onObject } = work;
  const { bucket: archive, now } = target.archive;
  const selection = selectionOf(options);
  if (selection.days === undefined) for await (const stray of findStrays(archive)) onFinding(stray);
  const verifications: Verification[] = [];
  for (const aggregate of await auditedAggregates(archive, account, expectedAggregates(options))) {
    const evidence =
      target.state && createRunEvidence({ state: target.state.bucket, account, aggregate: aggregate.name, now });
    const verification = await verifyArchive({
      ...{ archive, account, aggregate, selection, evidence, now, onFinding, onObject },
      ...ledgerOptions(options, aggregate.name),
      checkSignature: publicKey?.check,
    });
    onVerified(verification);
    verifications.push(verification);
  }
  return verifications;
}

/** The options of one aggregate's ledger: each ledger has options with its own names. */
function ledgerOptions(options: VerifyOptions, aggregate: AggregateName) {
  const given = aggregate === "calls" ? options["signed-from"] : options[`${aggregate}-signed-from` as const];
  const signedFrom = given ?? "1";
  return { anchor: anchorOf(options, aggregate), signedFrom: Number(signedFrom) };
}

/** Aggregates that an option names: verified even if nothing of them is left. */
function expectedAggregates(options: VerifyOptions): ReadonlySet<AggregateName> {
  const others = ["analytics", "verifications"] as const;
  return new Set(others.filter((name) => (options[`${name}-anchor`] ?? options[`${name}-signed-from`]) !== undefined));
}
