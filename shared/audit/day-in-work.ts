import { type Finding, finding } from "../core/finding.ts";
import type { CheckedManifest } from "./check-manifests.ts";
import type { ObjectToCheck } from "./check-object.ts";
import type { StoredDay } from "./days-to-verify.ts";
import { type DayCounts, dayCounts } from "./verify-counts.ts";

/** A day while its objects are checked. */
export interface DayInWork {
  readonly checked: CheckedManifest;
  readonly checks: readonly ObjectToCheck[];
  readonly counts: DayCounts;
  readonly findings: Finding[];
  /** Number of the step after which all its objects are checked. */
  lastStep: number;
}

/** Begins a day with the findings of its manifest, and of objects that this does not name. */
export function beginDay({ checked, listed }: StoredDay): DayInWork {
  const { manifest, references, required, findings } = checked;
  const counts = { ...dayCounts(), days: required ? 1 : 0, closed: manifest?.status === "closed" ? 1 : 0 };
  const keys = new Set(references.map(({ key }) => key));
  const others = listed.filter(({ key }) => !keys.has(key));
  if (manifest?.status === "open") counts.notYetInManifest = others.length;
  // One line says that a day's manifest is missing; a thousand more would hide it.
  else if (!manifest && required) counts.notChecked = others.length;
  const isExpected = manifest?.status === "open" || (!manifest && required);
  const detail = manifest ? "the day is closed, but its manifest does not reference it" : "its day has no manifest";
  const unexpected = isExpected ? [] : others.map(({ key }) => finding("object-unexpected", key, detail));
  const byKey = new Map(listed.map((object) => [object.key, object]));
  const checks = references.map((reference) => ({ reference, listed: byKey.get(reference.key) }));
  return { checked, checks, counts, findings: [...findings, ...unexpected], lastStep: Number.POSITIVE_INFINITY };
}
