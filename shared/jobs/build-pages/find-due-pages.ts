import { DerivedPrefix } from "../../contract.ts";
import { pageName } from "../../core/figures/periods.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { planPages, versionsOf } from "./page-plan.ts";
import { findPagesIndex, type IndexedDay } from "./pages-index.ts";
import { readArchiveView } from "./read-archive-view.ts";
import type { PagesServices } from "./services.ts";

/** What finding pages uses: `start-run` has it, too. */
export type PlanServices = Pick<
  PagesServices,
  "archive" | "state" | "derived" | "now" | "timeZone" | "style" | "stack"
>;

/**
 * Finds the files of the pages that show something else than when they were written, or are not as they were written. The
 * newest first, the index last. `toRead` are days that the run reads before, in place of those of the index.
 */
export async function findDuePages(
  services: PlanServices,
  account: string,
  requestedDays: readonly Day[],
  toRead: ReadonlyMap<Day, IndexedDay> = new Map(),
): Promise<readonly string[]> {
  const { derived, style } = services;
  const index = await findPagesIndex(derived, account);
  const plan = planPages(new Map([...index.days, ...toRead]), style, await readArchiveView(services, account));
  const listed = new Map<string, string>();
  for await (const { key, etag } of derived.list(DerivedPrefix.pages)) listed.set(key, etag);
  // A lost index, or another account's, knows none of the pages that are there.
  const found = [...listed.keys()].map((key) => key.slice(DerivedPrefix.pages.length));
  const stored = found.filter((file) => pageName.test(file));
  const due = [...versionsOf(plan, [...index.pages.keys(), ...stored])].filter(([file, version]) => {
    const known = index.pages.get(file);
    const page = plan.pages.get(file);
    const isRequested = page !== undefined && requestedDays.some((day) => page.from <= day && day < page.to);
    const isStored = known !== undefined && listed.get(derivedKeys.page(file)) === known.written.etag;
    return isRequested || !isStored || known.version !== version;
  });
  return due.map(([file]) => file);
}
