import type { DayManifest } from "../core/day-manifest.ts";
import { type Day, spanOf } from "../core/time/days.ts";
import { JobError } from "../errors.ts";
import type { DayIndexFile } from "./day-index-file.ts";
import type { HeldDay } from "./held-days.ts";
import { type LedgerEntries, readLedger } from "./ledger-file.ts";
import { type ManifestStorage, readManifest, rejectForeignManifest } from "./manifest-file.ts";

/**
 * Returns a function that reads a day's manifest from S3. Reads the ledger once, if a manifest is in doubt.
 * @throws TIME_ZONE_CHANGED, STORAGE_INVALID, STORAGE_FAILED
 */
export function createDayReader<M extends DayManifest, E>(
  options: ManifestStorage<M, E> & { readonly timeZone: string },
  index: Pick<DayIndexFile, "entries">,
) {
  const { archive, aggregate, account, timeZone } = options;
  let wholeLedger: Promise<LedgerEntries> | undefined;
  const readWholeLedger = () => {
    wholeLedger ??= readLedger(archive, { aggregate: aggregate.name, account }).catch((error: unknown) => {
      wholeLedger = undefined;
      throw error;
    });
    return wholeLedger;
  };
  return async (day: Day): Promise<HeldDay<M, E>> => {
    const stored = await readManifest(options, day);
    if (stored) {
      const entry = (await index.entries()).get(day);
      // The index names only manifests that a run has written.
      if (entry?.etag !== stored.etag) await rejectForeignManifest(options, stored, readWholeLedger);
      if (stored.manifest.timeZone !== timeZone) throw zoneChanged(day, stored.manifest.timeZone, timeZone);
    }
    const manifest = stored?.manifest ?? aggregate.empty(account, day, timeZone, spanOf(day, timeZone));
    return { stored, manifest, pending: [], eventKeys: new Set(), bytes: stored?.bytes ?? 0 };
  };
}

function zoneChanged(day: Day, writtenIn: string, timeZone: string): JobError {
  return new JobError(
    "TIME_ZONE_CHANGED",
    `The manifest of ${day} has the time zone ${writtenIn}, but the settings have ${timeZone}`,
    {
      hint: `Set timeZone back to ${writtenIn}. The span of a day cannot change once it has a manifest.`,
      details: { day, writtenIn, timeZone },
    },
  );
}
