import { readFile } from "node:fs/promises";
import { chooseAccount } from "../shared/audit/choose-account.ts";
import { readNightReport, verifyNightReport } from "../shared/audit/night-report.ts";
import { counted } from "../shared/core/counted.ts";
import { jsonOrUndefined } from "../shared/core/exact-json.ts";
import type { Finding } from "../shared/core/finding.ts";
import { signedText } from "../shared/core/ledger.ts";
import type { VerificationManifest } from "../shared/core/verification-manifest.ts";
import { VerificationReport } from "../shared/core/verification-report.ts";
import { JobError } from "../shared/errors.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import { openTarget } from "./open-target.ts";
import { readPublicKey } from "./read-public-key.ts";
import type { ReportOptions } from "./report-command.ts";
import { print, type Shell } from "./shell.ts";
import { aggregateLines, findingLine, indexLines, reportLines, tablesLines } from "./verify-lines.ts";

/** Shows the report of a verification. */
export async function report(options: ReportOptions, shell: Shell): Promise<ExitStatus> {
  const { read, doubts, signature } =
    options.file === undefined ? await readStored(options) : await readGiven(options, options.file);
  const lines = options.json ? [JSON.stringify({ report: read, signature, doubts })] : linesOf(read, doubts, signature);
  for (const line of lines) print(shell, line);
  const isTrusted = doubts.length === 0 && (signature === "valid" || signature === "not checked");
  return read.findingCount === 0 && isTrusted ? exitStatus.whole : exitStatus.somethingIsWrong;
}

/** A report, and what speaks against it. */
interface CheckedReport {
  readonly read: VerificationReport | VerificationManifest;
  /** What its ledger says against it. */
  readonly doubts: readonly Finding[];
  readonly signature: "valid" | "invalid" | "missing" | "not checked";
}

async function readGiven(options: ReportOptions, file: string): Promise<CheckedReport> {
  const text = await readText(file);
  return { read: parseReport(text, file), doubts: [], signature: await signatureOf(options, text) };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new JobError("REQUEST_INVALID", `Reading ${file} failed`, { cause, hint: "Check the path." });
  }
}

/** Reads the report of a night, by default the newest, and verifies it by its ledger. */
async function readStored(options: ReportOptions): Promise<CheckedReport> {
  const { archive } = await openTarget(options);
  const account = await chooseAccount(archive.bucket, options.account);
  const found = await readNightReport(archive.bucket, account, { day: options.day });
  if (found) {
    const doubts = await verifyNightReport(archive.bucket, account, found.day);
    return { read: found, doubts, signature: "not checked" };
  }
  throw new JobError("REQUEST_INVALID", `There is no report of ${options.day ?? "any night"}`, {
    hint: "Check --day. The job verify-archive writes one every night: npx nightshift run verify-archive --stack <name>",
  });
}

function parseReport(text: string, name: string): VerificationReport {
  const parsed = VerificationReport.safeParse(jsonOrUndefined(text));
  if (parsed.success) return parsed.data;
  throw new JobError("REQUEST_INVALID", `${name} is not the report of a verification`, {
    hint: "Name the file that nightshift verify --report has written.",
  });
}

async function signatureOf({ "public-key": pem }: ReportOptions, text: string): Promise<CheckedReport["signature"]> {
  if (pem === undefined) return "not checked";
  const json = Object(jsonOrUndefined(text)) as { readonly signature?: unknown };
  if (typeof json.signature !== "string") return "missing";
  const { isSigned } = await readPublicKey(pem);
  return (await isSigned(signedText(json), json.signature)) ? "valid" : "invalid";
}

function linesOf(read: CheckedReport["read"], doubts: readonly Finding[], signature: string): string[] {
  const { account, findingCount, findings } = read;
  const left = findingCount - findings.length;
  return [
    ...read.aggregates.flatMap((each) => [...aggregateLines(each, account), ""]),
    ...(read.tables ? [...tablesLines(read.tables), ""] : []),
    ...(read.indexes ? [...indexLines(read.indexes), ""] : []),
    ...findings.map(findingLine),
    ...(left > 0 ? [`and ${counted(left, "more finding")}`] : []),
    ...(findingCount > 0 ? [""] : []),
    ...reportLines(read, undefined),
    ...(doubts.length > 0 ? ["", "Do not believe this report:", ...doubts.map(findingLine)] : []),
    ...(signature === "not checked" ? [] : [`Signature of the report: ${signature}.`]),
  ];
}
