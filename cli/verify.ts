import type { Verification } from "../shared/audit/verify-archive.ts";
import type { Finding } from "../shared/core/finding.ts";
import { maxReportedFindings } from "../shared/core/verification-report.ts";
import { accountOf } from "./account-of.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import { openCombined } from "./open-combined.ts";
import { openTarget } from "./open-target.ts";
import { showProgress } from "./progress.ts";
import { readPublicKey } from "./read-public-key.ts";
import { print, type Shell } from "./shell.ts";
import { unknownDays } from "./unknown-days.ts";
import { type OnObject, verifyBuckets } from "./verify-buckets.ts";
import type { VerifyOptions } from "./verify-command.ts";
import {
  adviceLines,
  findingLine,
  indexLines,
  placeOf,
  reportLines,
  summaryLines,
  tablesLines,
} from "./verify-lines.ts";
import { checkFolderOf, createReport, writeReport } from "./verify-report.ts";
import type { VerifyWork } from "./verify-work.ts";

/** Verifies an archive: prints each finding at once, a summary of each aggregate, and at the end what was checked. */
export async function verify(options: VerifyOptions, shell: Shell): Promise<ExitStatus> {
  const { "public-key": pem, combined: file } = options;
  const publicKey = pem === undefined ? undefined : await readPublicKey(pem);
  // Before anything is read: a verification may take hours.
  if (options.report !== undefined) await checkFolderOf(options.report);
  const combined = file === undefined ? undefined : await openCombined(file);
  const opened = await openTarget(options);
  const progress = showProgress(shell, opened.archive.bucket);
  const target = { ...opened, archive: { ...opened.archive, bucket: progress.bucket } };
  try {
    const account = await accountOf(target, options);
    return await verifyAndReport({ options, account, publicKey, target }, combined?.add, (lines) => {
      progress.clear();
      for (const line of lines) print(shell, line);
    });
  } finally {
    progress.end();
    await combined?.close();
  }
}

async function verifyAndReport(
  work: VerifyWork,
  onObject: OnObject | undefined,
  printLines: (lines: readonly string[]) => void,
): Promise<ExitStatus> {
  const { options, target, publicKey } = work;
  const { json = false, report: file, "signing-key": signingKey } = options;
  const begunAt = target.archive.now();
  const findings: Finding[] = [];
  let findingCount = 0;
  const onFinding = (finding: Finding) => {
    findingCount++;
    if (!isOfObject(finding)) onObject?.(placeOf(finding), [finding]);
    if (findings.length < maxReportedFindings) findings.push(finding);
    printLines([json ? JSON.stringify({ finding }) : findingLine(finding)]);
  };
  const summarise = (verification: Verification) =>
    printLines(json ? [JSON.stringify({ verification })] : [...summaryLines(verification, publicKey), ""]);
  // The summaries of single days are held back: perhaps the archive has none of them.
  const held: Verification[] = [];
  const onVerified = options.day ? (verification: Verification) => void held.push(verification) : summarise;
  const unseen = new Set(options.day);
  const onDay = (day: string) => void unseen.delete(day);
  const verified = await verifyBuckets({ ...work, onObject, onFinding, onDay }, onVerified);
  const { aggregates, tables, indexes } = verified;
  if (options.day && findingCount === 0 && aggregates.every(({ days }) => days === 0)) throw unknownDays(options.day);
  held.forEach(summarise);
  if (tables && !json) printLines([...tablesLines(tables), ""]);
  if (indexes && !json) printLines([...indexLines(indexes), ""]);
  const endedAt = target.archive.now();
  const unsigned = createReport(work, { begunAt, endedAt, ...verified, findingCount, findings });
  const report = file === undefined ? unsigned : await writeReport(file, unsigned, signingKey);
  printLines(json ? [JSON.stringify({ report })] : reportLines(report, file));
  if (findingCount > 0 && !json) printLines(adviceLines(findingCount, options));
  if (unseen.size > 0) throw unknownDays([...unseen]);
  return findingCount === 0 ? exitStatus.whole : exitStatus.somethingIsWrong;
}

/** True for a finding of an object that its manifest names: it is listed with the others. */
function isOfObject({ code, bucket }: Finding): boolean {
  return (
    bucket === undefined && ["object-missing", "object-changed", "object-corrupt", "object-unreadable"].includes(code)
  );
}
