import { derivedKeys } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import type { Items } from "../../runtime/items.ts";
import { findBuildIndex } from "../../storage/build-index.ts";
import { zippedJson } from "../../storage/stored-json.ts";
import { countDay } from "./count-day.ts";
import { openPagesIndex } from "./pages-index.ts";
import type { PagesServices } from "./services.ts";
import { tablesVersion } from "./tables-version.ts";

/** A killed run reads at most this many days again. */
const maxUnsavedDays = 50;

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
      if (!built) return succeeded();
      const figures = await countDay(derived, day, built);
      const body = zippedJson(figures);
      const etag = await derived.put(derivedKeys.figures(day), body, "application/gzip");
      const { calls, recordings } = figures;
      const { bytes, sha256 } = body;
      index.days.set(day, {
        tables: tablesVersion(built),
        digest: { calls, recordings },
        figures: { etag, bytes, sha256 },
      });
      succeeded();
    },
    reportFailure: async (day, { error }) => log.error("page building failed", { day, ...error.toJSON() }),
    save: index.write,
  };
}
