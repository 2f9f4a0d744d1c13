import { readFile } from "node:fs/promises";
import { auditedAggregates } from "../shared/audit/audited-aggregates.ts";
import { chooseAccount } from "../shared/audit/choose-account.ts";
import { findStrays } from "../shared/audit/find-strays.ts";
import { createSignatureCheck } from "../shared/audit/signature-check.ts";
import { type Verification, verifyArchive } from "../shared/audit/verify-archive.ts";
import type { Bucket } from "../shared/aws/bucket.ts";
import { counted } from "../shared/core/counted.ts";
import type { AggregateName } from "../shared/core/day-aggregate.ts";
import type { Finding } from "../shared/core/finding.ts";
import { JobError } from "../shared/errors.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import { openTarget } from "./open-target.ts";
import { showProgress } from "./progress.ts";
import { print, type Shell } from "./shell.ts";
import { parseAnchor, type VerifyOptions } from "./verify-command.ts";

/** What the summary calls each aggregate and its ledger's head. */
const labels = {
  calls: { aggregate: "archive", head: "head of the ledger" },
  analytics: { aggregate: "analytics", head: "head of the ledger, for --analytics-anchor" },
} as const satisfies Record<AggregateName, object>;

/** Verifies an archive: prints each finding at once, and a summary of each aggregate. */
export async function verify(options: VerifyOptions, shell: Shell): Promise<ExitStatus> {
  const checkSignature = await signatureCheckOf(options);
  const { archive } = await openTarget(options);
  const progress = showProgress(shell, archive.bucket);
  try {
    const findings = await verifyAggregates(options, progress.bucket, checkSignature, (lines) => {
      progress.clear();
      for (const line of lines) print(shell, line);
    });
    return findings === 0 ? exitStatus.whole : exitStatus.somethingIsWrong;
  } finally {
    progress.end();
  }
}

type CheckSignature = ReturnType<typeof createSignatureCheck> | undefined;

/** Returns the number of findings. */
async function verifyAggregates(
  options: VerifyOptions,
  archive: Bucket,
  checkSignature: CheckSignature,
  printLines: (lines: readonly string[]) => void,
): Promise<number> {
  const { quick, deep, json } = options;
  const account = await chooseAccount(archive, options.account);
  const onFinding = (finding: Finding) => printLines([json ? JSON.stringify({ finding }) : findingLine(finding)]);
  let findings = 0;
  for await (const stray of findStrays(archive)) {
    findings++;
    onFinding(stray);
  }
  for (const [index, aggregate] of (await auditedAggregates(archive, account, expectedAggregates(options))).entries()) {
    if (index > 0 && !json) printLines([""]);
    const verification = await verifyArchive({
      archive,
      account,
      aggregate,
      checkSignature,
      ...ledgerOptions(options, aggregate.name),
      depth: quick ? "listing" : deep ? "bytes" : "checksums",
      onFinding,
    });
    printLines(json ? [JSON.stringify({ verification })] : summary(verification, checkSignature !== undefined));
    findings += verification.findings;
  }
  return findings;
}

function findingLine({ code, key, detail }: Finding): string {
  return `${code}  ${key}  ${detail}`;
}

/** The options of one aggregate's ledger: each ledger has options with its own names. */
function ledgerOptions(options: VerifyOptions, aggregate: AggregateName) {
  const { "signed-from": callsSignedFrom = "1", "analytics-signed-from": analyticsSignedFrom = "1" } = options;
  return {
    calls: { anchor: parseAnchor(options.anchor), signedFrom: Number(callsSignedFrom) },
    analytics: { anchor: parseAnchor(options["analytics-anchor"]), signedFrom: Number(analyticsSignedFrom) },
  }[aggregate];
}

/** Aggregates that an option names: verified even if nothing of them is left. */
function expectedAggregates(options: VerifyOptions): ReadonlySet<AggregateName> {
  const isExpected = (options["analytics-anchor"] ?? options["analytics-signed-from"]) !== undefined;
  return new Set(isExpected ? ["analytics"] : []);
}

function summary(verification: Verification, signatures: boolean): string[] {
  const { aggregate, account, entries, head, signedUpTo, days, closed, objects, bytes, findings } = verification;
  const { notYetInManifest, notChecked } = verification;
  const label = labels[aggregate];
  return [
    `${findings === 0 ? "Nothing is wrong" : counted(findings, "finding")} in the ${label.aggregate} of ${account}:`,
    `${counted(entries, "ledger entry", "ledger entries")}, ${counted(days, "day")} (${closed} closed), ${counted(objects, "object")}, ${bytes} bytes`,
    ...(notYetInManifest > 0 ? [`${counted(notYetInManifest, "object")} of open days not in a manifest yet`] : []),
    ...(notChecked > 0
      ? [`${counted(notChecked, "object")} not checked: their days' manifests are missing or unreadable`]
      : []),
    signatures ? `signatures are valid up to entry ${signedUpTo}` : "signatures were not checked (--public-key)",
    ...(head ? [`${label.head}: ${head.number}:${head.sha256}`] : []),
  ];
}

async function signatureCheckOf({ "public-key": pem }: VerifyOptions): Promise<CheckSignature> {
  return pem === undefined ? undefined : createSignatureCheck(await readPem(pem));
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new JobError("REQUEST_INVALID", `--public-key: reading ${file} failed`, { cause, hint: "Check the path." });
  }
}
