import { DerivedPrefix } from "../../contract.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { findBuildIndex } from "../../storage/build-index.ts";
import { findPagesIndex } from "./pages-index.ts";
import type { PagesServices } from "./services.ts";
import { tablesVersion } from "./tables-version.ts";

/**
 * Finds the days whose tables changed since their figures were stored, or whose figures are not as they were written, the
 * newest first. Costs LIST requests and the indexes.
 */
export async function findChangedDays(
  { derived }: Pick<PagesServices, "derived">,
  account: string,
  requestedDays: readonly Day[],
): Promise<readonly Day[]> {
  const [tables, pages] = await Promise.all([findBuildIndex(derived, account), findPagesIndex(derived, account)]);
  const listed = new Map<string, string>();
  for await (const { key, etag } of derived.list(DerivedPrefix.figures)) listed.set(key, etag);
  const changed = [...tables.days].filter(([day, built]) => {
    const known = pages.days.get(day);
    const isStored = known !== undefined && listed.get(derivedKeys.figures(day)) === known.figures.etag;
    return requestedDays.includes(day) || !isStored || known.tables !== tablesVersion(built);
  });
  const days = changed.map(([day]) => day).sort();
  return days.reverse();
}
