import { auditedPrefixes, keptAggregates } from "../shared/audit/audited-aggregates.ts";
import { findStrays } from "../shared/audit/find-strays.ts";
import { removeUnexpected } from "../shared/audit/restore/put-back.ts";
import type { RestoreServices } from "../shared/audit/restore/restoration.ts";
import { restoreArchive } from "../shared/audit/restore/restore-archive.ts";
import type { CheckSignature } from "../shared/audit/signature-check.ts";
import type { Bucket } from "../shared/aws/bucket.ts";
import type { ObjectVersions } from "../shared/aws/object-versions.ts";
import type { AuditedAggregate } from "../shared/core/audited-aggregate.ts";
import { hasCode, JobError } from "../shared/errors.ts";
import { accountOf } from "./account-of.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import { proofOf } from "./ledger-proof.ts";
import { type OpenedBucket, openTarget } from "./open-target.ts";
import { showProgress } from "./progress.ts";
import { readPublicKey } from "./read-public-key.ts";
import type { RestoreOptions } from "./restore-command.ts";
import { createRestoreReport, type RestoreReport } from "./restore-report.ts";
import type { Shell } from "./shell.ts";
import { unknownDays } from "./unknown-days.ts";

/** Restores an archive: prints what became of each finding at once, and a summary. */
export async function restore(options: RestoreOptions, shell: Shell): Promise<ExitStatus> {
  const { "public-key": pem } = options;
  const publicKey = pem === undefined ? undefined : await readPublicKey(pem);
  const target = await openTarget(options);
  const { archive, state } = target;
  const versions = await openVersions(archive);
  const progress = showProgress(shell, archive.bucket);
  const report = createRestoreReport(shell, { ...options, clear: progress.clear });
  const services: RestoreServices = {
    archive: readingRulesOnce(progress.bucket),
    versions,
    state: state?.bucket,
    now: archive.now,
    isDryRun: options["dry-run"] === true,
    removesUnexpected: options["remove-unexpected"] === true,
    interrupted: shell.interrupted,
    report: report.add,
  };
  try {
    const account = await accountOf(target, options);
    await shell.deferInterrupt(() => withRights(() => restoreAll(services, account, options, publicKey?.check)));
  } finally {
    progress.end();
  }
  return endOf(report, shell);
}

/** The bucket, which is asked only once for its rules. */
function readingRulesOnce(bucket: Bucket): Bucket {
  let rules: ReturnType<Bucket["expirations"]> | undefined;
  return {
    ...bucket,
    expirations: () => {
      rules ??= bucket.expirations();
      return rules;
    },
  };
}

function endOf(report: RestoreReport, { interrupted, writeError }: Shell): ExitStatus {
  const isWhole = report.end(interrupted.aborted);
  if (!interrupted.aborted) return isWhole ? exitStatus.whole : exitStatus.somethingIsWrong;
  writeError("Interrupted. Nothing is half restored: run the command again for the rest.\n");
  return exitStatus.notFoundOut;
}

async function restoreAll(
  services: RestoreServices,
  account: string,
  options: RestoreOptions,
  checkSignature: CheckSignature | undefined,
): Promise<void> {
  const { day, deep, stack } = options;
  const unseen = new Set(day);
  for (const aggregate of await storedAggregates(services.versions, account)) {
    if (services.interrupted.aborted) return;
    const seen = await restoreArchive(services, {
      account,
      aggregate,
      checkSignature,
      ...proofOf(options, {}, aggregate.name),
      days: day && new Set(day),
      depth: deep ? "bytes" : "checksums",
    });
    for (const each of seen) unseen.delete(each);
  }
  if (services.interrupted.aborted) return;
  if (unseen.size > 0) throw unknownDays([...unseen]);
  if (day) return;
  for await (const stray of findStrays(services.archive, stack === undefined ? undefined : account)) {
    if (services.interrupted.aborted) return;
    await removeUnexpected(services, stray);
  }
}

/** The aggregates of which any version is stored, even if all of it was removed. */
async function storedAggregates(versions: ObjectVersions, account: string): Promise<AuditedAggregate[]> {
  const stored: AuditedAggregate[] = [];
  for (const aggregate of await keptAggregates())
    if (aggregate.name === "calls" || (await hasVersions(versions, auditedPrefixes(aggregate, account))))
      stored.push(aggregate);
  return stored;
}

async function hasVersions(versions: ObjectVersions, prefixes: readonly string[]): Promise<boolean> {
  for (const prefix of prefixes) for await (const _version of versions.list(prefix)) return true;
  return false;
}

async function openVersions({ versions: open }: OpenedBucket): Promise<ObjectVersions> {
  if (!open) throw noVersions("A folder has no versions", "Restore the bucket, and copy it again.");
  const versions = await open();
  if (await withRights(versions.isVersioned)) return versions;
  throw noVersions("The bucket does not keep versions", "Put back what is missing from a copy: see Restoring.");
}

function noVersions(message: string, hint: string): JobError {
  return new JobError("REQUEST_INVALID", message, { hint: `${hint} It is in docs/operations.md.` });
}

/** Says which rights a restoration needs, which are more than those of other commands. */
async function withRights<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!hasCode(error, "STORAGE_FAILED") || error.details.status !== 403) throw error;
    throw new JobError("REQUEST_INVALID", `AWS denies this login the right: ${error.message}`, {
      cause: error,
      hint: "Allow it what restore needs: see The command line in docs/operations.md.",
    });
  }
}
