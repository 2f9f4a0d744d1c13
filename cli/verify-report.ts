import { access, constants, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Verification } from "../shared/audit/verify-archive.ts";
import type { Finding } from "../shared/core/finding.ts";
import { signedText } from "../shared/core/ledger.ts";
import { parseSubset } from "../shared/core/subset.ts";
import type { ReportedDerived, ReportedIndex, VerificationReport } from "../shared/core/verification-report.ts";
import { JobError } from "../shared/errors.ts";
import { version } from "../shared/version.ts";
import { proofOf } from "./ledger-proof.ts";
import { depthOf, type VerifyWork } from "./verify-work.ts";

interface VerifyResult {
  readonly begunAt: Date;
  readonly endedAt: Date;
  readonly aggregates: readonly Verification[];
  readonly tables: ReportedDerived | undefined;
  readonly indexes: readonly ReportedIndex[] | undefined;
  readonly findingCount: number;
  readonly findings: readonly Finding[];
}

/** Returns the report of a verification, unsigned. */
export function createReport(
  { options, account, publicKey, target }: VerifyWork,
  { begunAt, endedAt, aggregates, tables, indexes, findingCount, findings }: VerifyResult,
): VerificationReport {
  const subset = options.subset === undefined ? undefined : parseSubset(options.subset);
  return {
    schema: "nightshift/verification-report/1",
    account,
    version,
    begunAt: begunAt.toISOString(),
    endedAt: endedAt.toISOString(),
    archive: target.archive.name,
    depth: depthOf(options),
    ...(subset && { subsets: [subset] }),
    ...(options.day && { selectedDays: [...options.day] }),
    ...(publicKey && { publicKeySha256: publicKey.sha256 }),
    aggregates: aggregates.map(({ account: _account, ...rest }) => {
      const { anchor } = proofOf(options, {}, rest.aggregate);
      return { ...rest, schema: `nightshift/${rest.aggregate}-manifest/1`, ...(anchor && { anchor }) };
    }),
    ...(tables && { tables }),
    ...(indexes && { indexes: [...indexes] }),
    findingCount,
    findings: [...findings],
  };
}

/** @throws REQUEST_INVALID when nothing can be written into the folder of `file` */
export async function checkFolderOf(file: string): Promise<void> {
  await access(dirname(resolve(file)), constants.W_OK).catch((cause: unknown) => {
    throw notWritten(file, cause);
  });
}

function notWritten(file: string, cause: unknown): JobError {
  return new JobError("REQUEST_INVALID", `--report: ${file} cannot be written`, { cause, hint: "Name another file." });
}

/**
 * Writes a report into a file, signed if a key is given. Returns it.
 * @throws REQUEST_INVALID when the file cannot be written; SIGNING_FAILED
 */
export async function writeReport(
  file: string,
  report: VerificationReport,
  signingKey: string | undefined,
): Promise<VerificationReport> {
  const signed = signingKey === undefined ? report : { ...report, signature: await sign(report, signingKey) };
  try {
    await writeFile(file, `${JSON.stringify(signed, null, 1)}\n`, { mode: 0o600 });
  } catch (cause) {
    throw notWritten(file, cause);
  }
  return signed;
}

async function sign(report: VerificationReport, signingKey: string): Promise<string> {
  const { createKmsSigner } = await import("../shared/aws/signer.ts");
  const sign = createKmsSigner(signingKey, {
    subject: "the report with the key of --signing-key",
    hint: "Check that the key exists, is an enabled RSA key for signing, and that your login has kms:Sign on it. The report was not written.",
  });
  return sign(signedText(report));
}
