import type { Bucket, ListedObject } from "../aws/bucket.ts";
import type { Day } from "../core/time/days.ts";
import { byDay, type DayObjects, joinDays } from "./by-day.ts";
import { type CheckedManifest, checkManifests, type ManifestCheckOptions } from "./check-manifests.ts";
import { listSelected } from "./list-selected.ts";

/** A day with its checked manifest, and all its objects that are stored. */
export interface StoredDay {
  readonly checked: CheckedManifest;
  readonly listed: readonly ListedObject[];
}

/** Yields every selected day that has a manifest, a ledger entry or any object, in order. */
export async function* daysToVerify(
  archive: Bucket,
  options: Omit<ManifestCheckOptions, "archive">,
): AsyncGenerator<StoredDay> {
  const { account, aggregate, selection } = options;
  const sources: AsyncIterable<DayObjects | CheckedManifest>[] = [
    checkManifests({ ...options, archive }),
    ...aggregate.prefixes(account).map((prefix) => byDay(listSelected(archive, prefix, selection))),
  ];
  for await (const { day, items } of joinDays(sources)) {
    const checked = items.find((item) => item !== undefined && "manifest" in item) as CheckedManifest | undefined;
    const listed = items.flatMap((item) => (item && "objects" in item ? item.objects : []));
    yield { checked: checked ?? withoutManifest(day), listed };
  }
}

function withoutManifest(day: Day): CheckedManifest {
  return {
    ...{ day, manifest: undefined, etag: undefined, lastModified: undefined, references: [] },
    ...{ required: false, findings: [] },
  };
}
