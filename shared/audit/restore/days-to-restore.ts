import type { Bucket, ListedObject } from "../../aws/bucket.ts";
import type { ObjectVersion, ObjectVersions } from "../../aws/object-versions.ts";
import { aggregateKeys, dayInKey } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { byDay, type DayObjects, joinDays } from "../by-day.ts";
import type { AccountAggregate } from "../check-manifests.ts";
import { isShown, versionsByKey } from "./find-version.ts";
import type { ManifestEvidence } from "./restore-ledger.ts";

/** Everything that is stored of a day, or that the ledger names of it. */
export interface DayToRestore {
  readonly day: Day;
  /** Versions of the manifest's key, newest first. */
  readonly versions: readonly ObjectVersion[];
  /** Keys of other objects beside the manifest. */
  readonly strays: readonly string[];
  readonly evidence: ManifestEvidence | undefined;
  /** The day's objects. */
  readonly listed: readonly ListedObject[];
}

interface ManifestVersions {
  readonly day: Day;
  readonly versions: readonly ObjectVersion[];
  readonly strays: readonly string[];
}

/** Yields each day that has a ledger item, a version of a manifest, or any object, sorted. @throws STORAGE_FAILED */
export async function* daysToRestore(
  { archive, versions }: { readonly archive: Bucket; readonly versions: ObjectVersions },
  { account, aggregate }: AccountAggregate,
  evidence: ReadonlyMap<Day, ManifestEvidence>,
): AsyncGenerator<DayToRestore> {
  const sources: AsyncIterable<DayObjects | ManifestVersions | { readonly day: Day }>[] = [
    ledgerDays(evidence),
    manifestVersions(versions, { account, aggregate }),
    ...aggregate.prefixes(account).map((prefix) => byDay(archive.list(prefix))),
  ];
  for await (const { day, items } of joinDays(sources)) {
    const manifest = items.find((item): item is ManifestVersions => item !== undefined && "versions" in item);
    const listed = items.flatMap((item) => (item && "objects" in item ? item.objects : []));
    yield { versions: [], strays: [], ...manifest, day, evidence: evidence.get(day), listed };
  }
}

async function* ledgerDays(evidence: ReadonlyMap<Day, ManifestEvidence>) {
  for (const day of [...evidence.keys()].sort()) yield { day };
}

/** Groups the versions beside the manifests by day. */
async function* manifestVersions(
  versions: ObjectVersions,
  { account, aggregate }: AccountAggregate,
): AsyncGenerator<ManifestVersions> {
  const { manifest, manifestsPrefix } = aggregateKeys[aggregate.name];
  let current: ManifestVersions | undefined;
  for await (const { key, versions: ofKey } of versionsByKey(versions.list(manifestsPrefix(account)))) {
    const day = dayInKey(key) ?? "";
    if (current && current.day !== day) yield current;
    const { versions: ofManifest = [], strays = [] } = current?.day === day ? current : {};
    const isManifest = key === manifest(account, day);
    current = {
      day,
      versions: isManifest ? ofKey : ofManifest,
      strays: !isManifest && isShown(ofKey) ? [...strays, key] : strays,
    };
  }
  if (current) yield current;
}
