import type { Bucket, ListedObject } from "../aws/bucket.ts";
import type { Depth } from "../core/depth.ts";
import { type Finding, finding } from "../core/finding.ts";
import type { ObjectRef } from "../core/object-ref.ts";
import type { Day } from "../core/time/days.ts";
import type { OpenedDerivation } from "../storage/audited-derivation.ts";
import type { ReadGuard } from "../storage/read-guard.ts";
import { attemptCheck } from "./check-object.ts";
import { isNewer } from "./is-newer.ts";
import type { Selection } from "./selection.ts";

/** What was checked of the objects that are built from the archive. */
export interface DerivedVerification {
  /** Days whose objects were compared with the index. */
  days: number;
  /** Days whose manifests are newer: the next run builds them. */
  daysNotBuilt: number;
  /** Days that were built again and compared. */
  daysRebuilt: number;
  /** Days that could not be: the archive does not have what their manifests name. */
  daysNotRebuilt: number;
  objects: number;
  bytes: number;
  /** Objects of days that are not built, too new to be judged, or of another account. */
  notChecked: number;
  findings: number;
}

/** The same while it is counted: two jobs may have built objects of the same day. */
export interface DerivedCounts extends DerivedVerification {
  readonly seenDays: Set<Day>;
}

export interface DerivedDayOptions {
  readonly derived: Bucket;
  readonly selection: Selection;
  /** Objects written after this time are not judged: a run may be about to note them. @default all are judged */
  readonly judgedUntil?: Date | undefined;
  readonly guard: ReadGuard;
}

/** A day's objects as S3 lists them, by key. */
export interface StoredDay {
  readonly day: Day;
  readonly objects: ReadonlyMap<string, ListedObject>;
}

/** Compares a day's objects with the index. */
export async function checkDerivedDay(
  { derived, selection, judgedUntil, guard }: DerivedDayOptions,
  { days }: OpenedDerivation,
  { day, objects }: StoredDay,
  counts: DerivedCounts,
): Promise<Finding[]> {
  const known = days?.get(day);
  const unexpected = (keys: Iterable<string>, detail: string) =>
    [...keys].map((key) => finding("object-unexpected", key, detail));
  if (!known && day === "") return unexpected(objects.keys(), "no job writes an object of this name");
  const isNew = (key: string) => isNewer(objects.get(key), judgedUntil);
  if (!known) {
    const judged = [...objects.keys()].filter((key) => !isNew(key));
    counts.notChecked += objects.size - judged.length;
    return unexpected(judged, "its day has no manifest, or no job has noted that it was built");
  }
  if (!known.isBuilt) {
    counts.daysNotBuilt++;
    counts.notChecked += objects.size;
    return [];
  }
  if (day !== "") counts.seenDays.add(day);
  counts.notChecked += [...objects.keys()].filter(isNew).length;
  const named = new Set(known.references.map(({ key }) => key));
  const others = [...objects.keys()].filter((key) => !named.has(key) && !isNew(key));
  const findings = known.references.map(async (reference) => {
    const depth = selection.depthOf(reference.key);
    if (depth === undefined || isNew(reference.key)) return [];
    counts.objects++;
    counts.bytes += reference.bytes;
    return checkReference({ derived, guard }, depth, reference, objects.get(reference.key));
  });
  return [
    ...(await Promise.all(findings)).flat(),
    ...unexpected(others, "the index of what was built does not name it"),
  ];
}

async function checkReference(
  options: Pick<DerivedDayOptions, "derived" | "guard">,
  depth: Depth,
  reference: ObjectRef,
  listed: ListedObject | undefined,
) {
  const { findings } = await attemptCheck({ archive: options.derived, guard: options.guard }, depth, {
    reference,
    listed,
  });
  return findings.map((each) =>
    each.code === "object-missing" ? { ...each, detail: "the index of what was built names it" } : each,
  );
}

/** Builds a day again, and compares the objects of these keys with the index. */
export async function compareRebuilt(
  { days, rebuild }: OpenedDerivation,
  day: Day,
  keys: readonly string[],
  counts: DerivedVerification,
): Promise<Finding[]> {
  const rebuilt = await rebuild?.build(day);
  if (!rebuilt) {
    counts.daysNotRebuilt++;
    return [];
  }
  counts.daysRebuilt++;
  const references = new Map(days?.get(day)?.references.map(({ key, sha256 }) => [key, sha256]));
  return keys.flatMap((key) => {
    if (references.get(key) === rebuilt.get(key)) return [];
    return references.has(key)
      ? [finding("object-changed", key, "its rows are not those of the archive")]
      : [finding("object-missing", key, "the archive has rows for it")];
  });
}
