import type { ObjectVersion, ObjectVersions } from "../../aws/object-versions.ts";
import type { Finding } from "../../core/finding.ts";
import { hasCode } from "../../errors.ts";
import { hints, type RestoreServices } from "./restoration.ts";

/** A version to copy onto its key. */
export interface PutBack {
  readonly finding: Finding;
  readonly version: ObjectVersion;
  /** The key's versions, newest first. */
  readonly versions: readonly ObjectVersion[];
  /** Verifies the key once more. */
  readonly verify: () => Promise<readonly Finding[]>;
}

/**
 * Copies a version onto its key, verifies it, and reports what became of it. Returns false if it was refused.
 * @throws STORAGE_FAILED
 */
export async function putBack(
  { versions, isDryRun, report }: RestoreServices,
  { finding, version, versions: ofKey, verify }: PutBack,
): Promise<boolean> {
  if (isDryRun) {
    report({ result: "to-restore", finding });
    return true;
  }
  const isCopied = await copyIfOnline(versions, version, ofKey[0]);
  if (isCopied === "offline") {
    report({ result: "refused", finding, hint: hints.offline });
    return false;
  }
  const [left] = isCopied ? await verify() : [withDetail(finding, "it was changed meanwhile")];
  const hint = isCopied ? hints.damaged : hints.again;
  report(left ? { result: "refused", finding: left, hint } : { result: "restored", finding });
  return left === undefined;
}

/** An object in an archive class cannot be copied before S3 has retrieved it. */
async function copyIfOnline(versions: ObjectVersions, version: ObjectVersion, latest: ObjectVersion | undefined) {
  try {
    return await versions.copyOver(version, latest);
  } catch (error) {
    if (hasCode(error, "STORAGE_FAILED") && error.details.name === "InvalidObjectState") return "offline";
    throw error;
  }
}

/** Hides an object that no evidence names, if that is wanted. Returns false if it stays. @throws STORAGE_FAILED */
export async function removeUnexpected(services: RestoreServices, finding: Finding): Promise<boolean> {
  const { versions, isDryRun, removesUnexpected, report } = services;
  if (!removesUnexpected) {
    report({ result: "refused", finding, hint: hints.remove });
    return false;
  }
  if (!isDryRun) await versions.hide(finding.key);
  report({ result: isDryRun ? "to-remove" : "removed", finding });
  return true;
}

function withDetail(finding: Finding, detail: string): Finding {
  return { ...finding, detail: `${finding.detail}; ${detail}` };
}
