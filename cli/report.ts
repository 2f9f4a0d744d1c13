import { readFile } from "node:fs/promises";
import { chooseAccount } from "../shared/audit/choose-account.ts";
import { readNightReport } from "../shared/audit/night-report.ts";
import { counted } from "../shared/core/counted.ts";
import { jsonOrUndefined } from "../shared/core/exact-json.ts";
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
  const { file, json } = options;
  const text = file === undefined ? undefined : await readText(file);
  const read = text === undefined ? await readStored(options) : parseReport(text, file ?? "");
  const signature = text === undefined ? "not checked" : await signatureOf(options, text);
  if (json) print(shell, JSON.stringify({ report: read, signature }));
  else for (const line of linesOf(read, signature)) print(shell, line);
  const isTrusted = signature === "valid" || signature === "not checked";
  return read.findingCount === 0 && isTrusted ? exitStatus.whole : exitStatus.somethingIsWrong;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new JobError("REQUEST_INVALID", `Reading ${file} failed`, { cause, hint: "Check the path." });
  }
}

/** Reads the report of a night, by default the newest. */
async function readStored(options: ReportOptions): Promise<VerificationManifest> {
  const { archive } = await openTarget(options);
  const account = await chooseAccount(archive.bucket, options.account);
  const found = await readNightReport(archive.bucket, account, options.day);
  if (found) return found;
  throw new JobError("REQUEST_INVALID", `There is no report of ${options.day ?? "any night"}`, {
    hint: "Check --day. The job verify-archive writes one every night: npx nightshift run verify-archive.",
  });
}

function parseReport(text: string, name: string): VerificationReport {
  const parsed = VerificationReport.safeParse(jsonOrUndefined(text));
  if (parsed.success) return parsed.data;
  throw new JobError("REQUEST_INVALID", `${name} is not the report of a verification`, {
    hint: "Name the file that nightshift verify --report has written.",
  });
}

type Signature = "valid" | "invalid" | "missing" | "not checked";

async function signatureOf({ "public-key": pem }: ReportOptions, text: string): Promise<Signature> {
  if (pem === undefined) return "not checked";
  const json = Object(jsonOrUndefined(text)) as { readonly signature?: unknown };
  if (typeof json.signature !== "string") return "missing";
  const { isSigned } = await readPublicKey(pem);
  return (await isSigned(signedText(json), json.signature)) ? "valid" : "invalid";
}

function linesOf(read: VerificationReport | VerificationManifest, signature: Signature): string[] {
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
    ...(signature === "not checked" ? [] : [`Signature of the report: ${signature}.`]),
  ];
}
