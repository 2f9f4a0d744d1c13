import type { Bucket } from "../aws/bucket.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { VerificationManifest } from "../core/verification-manifest.ts";
import { listManifests } from "../storage/day-store.ts";
import { parseManifest } from "../storage/manifest-file.ts";

/** Reads the report of a night, by default the newest. Undefined if there is none. @throws STORAGE_INVALID, STORAGE_FAILED */
export async function readNightReport(
  archive: Bucket,
  account: string,
  day?: Day,
): Promise<VerificationManifest | undefined> {
  const keys = aggregateKeys.verifications;
  const days = day === undefined ? (await listManifests(archive, keys.manifestsPrefix(account))).keys() : [day];
  const newest = [...days].sort().at(-1);
  if (newest === undefined) return undefined;
  const key = keys.manifest(account, newest);
  const stored = await archive.get(key);
  return stored && parseManifest({ manifest: VerificationManifest }, stored.body, key);
}
