import type { Bucket } from "../../aws/bucket.ts";
import type { DayFigures } from "../../core/figures/day-figures.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { hasCode } from "../../errors.ts";
import type { Items } from "../../runtime/items.ts";
import { type BuiltDay, findBuildIndex } from "../../storage/build-index.ts";
import { zippedJson } from "../../storage/stored-json.ts";
import { countDay } from "./count-day.ts";
import { type IndexedDay, openPagesIndex } from "./pages-index.ts";
import type { PagesServices } from "./services.ts";
import { tablesVersion } from "./tables-version.ts";

/** A killed run reads at most this many days again. */
const maxUnsavedDays = 50;

function undefinedIfDamaged(error: unknown): undefined {
  if (!hasCode(error, "STORAGE_INVALID")) throw error;
}

async function storeFigures(derived: Pick<Bucket, "put">, built: BuiltDay, figures: DayFigures): Promise<IndexedDay> {
  const body = zippedJson(figures);
  const etag = await derived.put(derivedKeys.figures(figures.day), body, "application/gzip");
  const { calls, recordings } = figures;
  const { bytes, sha256 } = body;
  return {
    ...{ tables: tablesVersion(built), digest: { calls, recordings }, figures: { etag, bytes, sha256 } },
    hasCalls: built.tables.has("calls"),
  };
}

/** Reads the tables of days, one day at a time, because each takes memory, and stores what they count. */
export async function readFigures(
  { derived, log }: Pick<PagesServices, "derived" | "log">,
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
      const figures = built && (await countDay(derived, day, built).catch(undefinedIfDamaged));
      if (built && figures) index.days.set(day, await storeFigures(derived, built, figures));
      // A run of build-tables is at work on it, or will build it again. The run of this job after it comes back.
      else log.warn("day left out: its tables are not as they were built", { day });
      succeeded();
    },
    reportFailure: async (day, { error }) => log.error("page building failed", { day, ...error.toJSON() }),
    save: index.write,
  };
}
