import type { Bucket } from "../aws/bucket.ts";
import type { Finding } from "../core/finding.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { VerificationManifest } from "../core/verification-manifest.ts";
import { JobError } from "../errors.ts";
import { listManifests } from "../storage/day-store.ts";
import { parseManifest } from "../storage/manifest-file.ts";
import { createReadGuard } from "../storage/read-guard.ts";
import { keptAggregates } from "./audited-aggregates.ts";
import { everyObject } from "./selection.ts";
import { verifyArchive } from "./verify-archive.ts";

/**
 * Reads the report of a night, by default the newest. Undefined if there is none.
 * @param last reports of later days are no runs' and count as none
 * @throws STORAGE_INVALID, STORAGE_FAILED
 */
export async function readNightReport(
  archive: Bucket,
  account: string,
  { day, last }: { readonly day?: Day | undefined; readonly last?: Day } = {},
): Promise<VerificationManifest | undefined> {
  const keys = aggregateKeys.verifications;
  const days = day === undefined ? (await listManifests(archive, keys.manifestsPrefix(account))).keys() : [day];
  const newest = [...days]
    .filter((each) => last === undefined || each <= last)
    .sort()
    .at(-1);
  if (newest === undefined) return undefined;
  const key = keys.manifest(account, newest);
  const guard = createReadGuard({ others: { lastRead: () => () => readAnyManifest(archive, account) } });
  const stored = await guard.attempt(() => archive.get(key));
  if (stored instanceof JobError) throw ofOneObject(stored);
  return stored && parseManifest({ manifest: VerificationManifest }, stored.body, key);
}

/** Shows whether S3 returns other objects. */
async function readAnyManifest(archive: Bucket, account: string): Promise<void> {
  for await (const { key } of archive.list(aggregateKeys.calls.manifestsPrefix(account))) {
    await archive.get(key);
    return;
  }
  throw new Error("there is no other object to read");
}

/** An error that concerns this object alone: to try again would not help. */
function ofOneObject({ message, details, hint, cause }: JobError): JobError {
  return new JobError("STORAGE_FAILED", message, { details, cause, ...(hint !== undefined && { hint }) });
}

/** Verifies a night's report by the ledger of reports. Returns what is wrong with it. @throws STORAGE_FAILED */
export async function verifyNightReport(archive: Bucket, account: string, day: Day): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const aggregate = (await keptAggregates()).find(({ name }) => name === "verifications");
  if (!aggregate) return findings;
  const selection = { ...everyObject("listing"), days: new Set([day]) };
  await verifyArchive({ archive, account, aggregate, selection, onFinding: (found) => void findings.push(found) });
  return findings;
}
