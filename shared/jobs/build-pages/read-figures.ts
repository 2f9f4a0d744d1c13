import type { Bucket } from "../../aws/bucket.ts";
import type { DayFigures } from "../../core/figures/day-figures.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { hasCode } from "../../errors.ts";
import type { Items } from "../../runtime/items.ts";
import { type BuiltDay, findBuildIndex } from "../../storage/build-index.ts";
import { zippedJson } from "../../storage/stored-json.ts";
import { collectedGroups } from "./collected-groups.ts";
import { countDay } from "./count-day.ts";
import { type IndexedDay, openPagesIndex } from "./pages-index.ts";
import type { PagesServices } from "./services.ts";
import { tablesVersion } from "./tables-version.ts";

/** A killed run reads at most this many days again. */
const maxUnsavedDays = 50;

function undefinedIfDamaged(error: unknown): undefined {
  if (!hasCode(error, "STORAGE_INVALID")) throw error;
}

async function storeFigures(
  derived: Pick<Bucket, "put">,
  { built, version }: { readonly built: BuiltDay; readonly version: string },
  figures: DayFigures,
): Promise<IndexedDay> {
  const body = zippedJson(figures);
  const etag = await derived.put(derivedKeys.figures(figures.day), body, "application/gzip");
  const { calls, recordings } = figures;
  const { bytes, sha256 } = body;
  return {
    ...{ tables: version, digest: { calls, recordings }, figures: { etag, bytes, sha256 } },
    hasCalls: built.tables.has("calls"),
  };
}

/** Reads the tables of days, one day at a time, because each takes memory, and stores what they count. */
export async function readFigures(
  { archive, derived, log }: Pick<PagesServices, "archive" | "derived" | "log">,
  account: string,
  days: readonly Day[],
): Promise<Items<Day>> {
  const index = await openPagesIndex(derived, account);
  const tables = await findBuildIndex(derived, account);
  return {
    concurrency: 1,
    maxUnsaved: maxUnsavedDays,
    from: (place) => days.slice(place),
    nameOf: (day) => day,
    work: async (day, succeeded) => {
      const built = tables.days.get(day);
      const groups = built && (await collectedGroups(archive, account, day).catch(undefinedIfDamaged));
      const figures = built && (await countDay(derived, day, built, groups ?? []).catch(undefinedIfDamaged));
      // Without the manifest nobody knows whether a group without rows was collected: the next run counts the day again.
      const version = built && groups ? tablesVersion(built) : "unknown";
      if (built && figures) index.days.set(day, await storeFigures(derived, { built, version }, figures));
      // A run of build-tables is at work on it, or will build it again. The run of this job after it comes back.
      else log.warn("day left out: its tables are not as they were built", { day });
      succeeded();
    },
    reportFailure: async (day, { error }) => log.error("page building failed", { day, ...error.toJSON() }),
    save: index.write,
  };
}
