import type { ObjectVersion } from "../../aws/object-versions.ts";
import type { ReferencedObject } from "../../core/audited-aggregate.ts";
import type { DayManifest } from "../../core/day-manifest.ts";
import type { Depth } from "../../core/depth.ts";
import { isExpired } from "../../core/expiration.ts";
import type { Finding } from "../../core/finding.ts";
import type { Day } from "../../core/time/days.ts";
import type { ReadGuard } from "../../storage/read-guard.ts";
import { attemptCheck, checkObject, type ObjectToCheck } from "../check-object.ts";
import type { DayEvidence } from "../day-evidence.ts";
import { findVersion, isShown, sha256OfVersion, versionsOfKey } from "./find-version.ts";
import { putBack } from "./put-back.ts";
import { hints, missingHint, type RestoreServices } from "./restoration.ts";

/** An object that a manifest references. */
export interface ObjectToRestore extends ObjectToCheck {
  readonly day: Day;
  readonly depth: Depth;
  /** False if a run may write the object before its day's manifest. */
  readonly isFinal: boolean;
  /** Undefined without a state bucket. */
  readonly runs: DayEvidence | undefined;
  /** The manifest that references it. */
  readonly manifest: DayManifest;
  readonly guard: ReadGuard;
}

/**
 * Checks an object, and puts the version back that its manifest names. Returns true if it was not as the manifest says.
 * @throws STORAGE_FAILED
 */
export async function restoreObject(services: RestoreServices, object: ObjectToRestore): Promise<boolean> {
  const { depth, guard } = object;
  const { findings, error } = await attemptCheck({ archive: services.archive, guard }, depth, object);
  const [found] = findings;
  if (found?.code === "object-missing" && (await hasExpired(services, object))) return false;
  if (found && error?.retryable) services.report({ result: "refused", finding: found, hint: hints.unavailable });
  else if (found) await restoreFound(services, object, found);
  return found !== undefined;
}

async function restoreFound(services: RestoreServices, object: ObjectToRestore, found: Finding): Promise<void> {
  const { reference, depth, isFinal } = object;
  const { report } = services;
  const versions = await versionsOfKey(services.versions, reference.key);
  const ofRun =
    isFinal || !isShown(versions) || found.code === "object-unreadable"
      ? undefined
      : await resultForRun(services, versions, object);
  if (ofRun) return report({ ...ofRun, finding: found });
  const version = await findVersion(services.versions, versions, { ...reference, readsBytes: depth === "bytes" });
  if (!version) {
    const hint = await missingHint(services, reference.key, reference.sha256);
    return report({ result: "refused", finding: found, hint });
  }
  if (await isIntact(services, version, reference))
    return report({ result: "refused", finding: found, hint: hints.bytes });
  const verify = async () => (await checkObject(services.archive, depth, { reference, listed: undefined })).findings;
  await putBack(services, { finding: found, version, versions, verify });
}

/** True if a rule of the bucket's own lifecycle has deleted the object. */
async function hasExpired({ archive, now }: RestoreServices, { day, reference }: ObjectToRestore): Promise<boolean> {
  return isExpired(await archive.expirations(), { key: reference.key, day, now: now() });
}

/** True if nothing would be gained by a copy: it is the newest version, and S3 stores its SHA-256. */
async function isIntact(
  { versions }: RestoreServices,
  version: ObjectVersion,
  { sha256 }: ReferencedObject,
): Promise<boolean> {
  return version.isLatest && (await versions.storedSha256(version)) === sha256;
}

/** What is reported instead if a run may have written the current object of an open day; undefined if no run has. */
async function resultForRun(
  services: RestoreServices,
  [latest]: readonly ObjectVersion[],
  { reference, runs, manifest }: ObjectToRestore,
) {
  if (!latest) return undefined;
  const sha256 = await sha256OfVersion(services.versions, latest);
  if (sha256 === reference.sha256) return undefined;
  if (!runs) return { result: "refused", hint: hints.state } as const;
  return (await runs.namesObject({ key: reference.key, sha256 }, manifest))
    ? ({ result: "left", hint: hints.nextRun } as const)
    : undefined;
}
