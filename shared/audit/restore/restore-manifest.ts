import type { ObjectVersion } from "../../aws/object-versions.ts";
import type { ReferencedObject } from "../../core/audited-aggregate.ts";
import type { DayManifest } from "../../core/day-manifest.ts";
import { type Finding, finding } from "../../core/finding.ts";
import { aggregateKeys } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { undefinedIfOfOneObject } from "../../storage/each-day.ts";
import type { ReadGuard } from "../../storage/read-guard.ts";
import { type AccountAggregate, checkManifest } from "../check-manifests.ts";
import { openDayEvidence } from "../day-evidence.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";
import { everyObject } from "../selection.ts";
import { findVersion, readVersion, sha256OfVersion } from "./find-version.ts";
import { putBack, removeUnexpected } from "./put-back.ts";
import { hints, missingHint, type RestoreServices } from "./restoration.ts";
import type { ManifestEvidence } from "./restore-ledger.ts";

/** A day's manifest to restore. */
export interface ManifestToRestore extends AccountAggregate {
  readonly day: Day;
  /** Versions of the manifest's key, newest first. */
  readonly versions: readonly ObjectVersion[];
  /** Undefined if the ledger does not name the day. */
  readonly evidence: ManifestEvidence | undefined;
  readonly guard: ReadGuard;
}

/** A manifest as its evidence has it. Undefined: the day has none. */
export interface RestoredManifest {
  readonly manifest: DayManifest | undefined;
  readonly references: readonly ReferencedObject[];
}

/**
 * Restores a day's manifest: the newest revision that a run intended after the ledger's newest entry, else the one that the
 * ledger names. Returns it, also in a dry run; undefined if it could not be restored.
 * @throws STORAGE_FAILED
 */
export async function restoreManifest(
  services: RestoreServices,
  toRestore: ManifestToRestore,
): Promise<RestoredManifest | undefined> {
  const { manifest, references, findings, error } = await checkManifest(asCheck(services, toRestore), toRestore.day);
  const [found] = findings;
  if (!found && manifest) return { manifest, references };
  if (found && error && (error.retryable || !toRestore.evidence)) {
    const hint = error.retryable ? hints.unavailable : hints.denied;
    services.report({ result: "refused", finding: found, hint });
    return undefined;
  }
  const intended = await findIntended(services, toRestore);
  if (intended?.isLatest) {
    services.report({ result: "left", finding: found ?? missing(toRestore), hint: hints.nextRun });
    return { manifest, references };
  }
  if (intended) return copyManifest(services, toRestore, { found: found ?? missing(toRestore), version: intended });
  return found ? restoreByLedger(services, toRestore, found) : { manifest: undefined, references: [] };
}

async function restoreByLedger(
  services: RestoreServices,
  toRestore: ManifestToRestore,
  found: Finding,
): Promise<RestoredManifest | undefined> {
  const { versions, evidence } = toRestore;
  const refuse = (hint: string) => {
    services.report({ result: "refused", finding: found, hint });
    return undefined;
  };
  const isPerhapsOurs = !evidence || found.code === "manifest-not-in-ledger";
  if (isPerhapsOurs && !services.state) return refuse(hints.state);
  if (!evidence) return (await removeUnexpected(services, found)) ? { manifest: undefined, references: [] } : undefined;
  if (!evidence.isProven) return refuse(hints.proof);
  const version = await findVersion(services.versions, versions, evidence.manifest);
  if (version) return copyManifest(services, toRestore, { found, version });
  return refuse(await missingHint(services, found.key, evidence.manifest.sha256));
}

async function copyManifest(
  services: RestoreServices,
  toRestore: ManifestToRestore,
  { found, version }: { readonly found: Finding; readonly version: ObjectVersion },
): Promise<RestoredManifest | undefined> {
  const { aggregate, versions } = toRestore;
  const restored = aggregate.parse(await readVersion(services.versions, version), version.key);
  const verify = async () => {
    const { findings } = await checkManifest(asCheck(services, toRestore), toRestore.day);
    // The next run adds a revision that a run intended.
    return findings.filter(({ code }) => code !== "manifest-not-in-ledger");
  };
  return (await putBack(services, { finding: found, version, versions, verify })) ? restored : undefined;
}

/** Finds the version of the newest revision that a run intended and the ledger does not name yet. */
async function findIntended(
  { versions, state }: RestoreServices,
  { aggregate, account, day, versions: ofKey, evidence }: ManifestToRestore,
): Promise<ObjectVersion | undefined> {
  if (!state) return undefined;
  const intents = await openDayEvidence(state, aggregate.name, account, day).manifestIntents();
  const revisions = new Map(intents.map(({ sha256, revision }) => [sha256, revision]));
  let newest: { readonly version: ObjectVersion; readonly revision: number } | undefined;
  for (const version of ofKey) {
    const revision = version.isMarker
      ? 0
      : (revisions.get((await sha256OfVersion(versions, version).catch(undefinedIfOfOneObject)) ?? "") ?? 0);
    const known = newest?.revision ?? evidence?.manifest.revision ?? 0;
    if (revision > known && (await follows(versions, version, { aggregate, revision, evidence })))
      newest = { version, revision };
  }
  return newest?.version;
}

/** True for a manifest of that revision which names the ledger's one before it, if it is the next. */
async function follows(
  versions: RestoreServices["versions"],
  version: ObjectVersion,
  { aggregate, revision, evidence }: Pick<ManifestToRestore, "aggregate" | "evidence"> & { readonly revision: number },
): Promise<boolean> {
  const body = await readVersion(versions, version).catch(undefinedIfOfOneObject);
  const { manifest } = (body && parseOrUndefined(aggregate, body, version.key)) ?? {};
  if (manifest?.revision !== revision) return false;
  const { revision: inLedger = 0, sha256 } = evidence?.manifest ?? {};
  return revision > inLedger + 1 || manifest.previousSha256 === sha256;
}

function asCheck({ archive }: RestoreServices, { account, aggregate, day, evidence, guard }: ManifestToRestore) {
  const ledgerManifests = new Map(evidence && [[day, evidence.manifest]]);
  return { archive, account, aggregate, ledgerManifests, selection: everyObject("checksums"), guard };
}

function missing({ aggregate, account, day }: ManifestToRestore): Finding {
  return finding("manifest-missing", aggregateKeys[aggregate.name].manifest(account, day), "a run has written it");
}
