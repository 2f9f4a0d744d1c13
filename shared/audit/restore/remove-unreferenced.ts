import { finding } from "../../core/finding.ts";
import type { DayEvidence } from "../day-evidence.ts";
import type { DayToRestore } from "./days-to-restore.ts";
import { removeUnexpected } from "./put-back.ts";
import { hints, type RestoreServices } from "./restoration.ts";
import type { RestoredManifest } from "./restore-manifest.ts";

/**
 * Removes the objects of a day that its manifest does not name, if that is wanted. An open day's may be a run's own, and so may
 * those of a day that has no manifest yet.
 * @throws STORAGE_FAILED
 */
export async function removeUnreferenced(
  services: RestoreServices,
  { manifest, references }: RestoredManifest,
  { listed, strays, runs }: Pick<DayToRestore, "listed" | "strays"> & { readonly runs: DayEvidence | undefined },
): Promise<void> {
  for (const key of strays)
    await removeUnexpected(services, finding("object-unexpected", key, "its name is not that of a manifest"));
  if (manifest?.status === "open") return;
  const referenced = new Set(references.map(({ key }) => key));
  const unreferenced = listed.filter(({ key }) => !referenced.has(key));
  const detail = manifest ? "the day is closed, but its manifest does not reference it" : "its day has no manifest";
  const left = unreferenced.length > 0 && !manifest ? await ofBegunDay(runs) : undefined;
  for (const { key } of unreferenced) {
    const found = finding("object-unexpected", key, detail);
    if (left) services.report({ ...left, finding: found });
    else await removeUnexpected(services, found);
  }
}

/** What is reported instead of the objects' removal if a run may have begun their day. */
async function ofBegunDay(runs: DayEvidence | undefined) {
  if (!runs) return { result: "refused", hint: hints.state } as const;
  return (await runs.hasBegun()) ? ({ result: "left", hint: hints.nextRun } as const) : undefined;
}
