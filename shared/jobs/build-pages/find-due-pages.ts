import { DerivedPrefix } from "../../contract.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { planPages, versionsOf } from "./page-plan.ts";
import { findPagesIndex } from "./pages-index.ts";
import { readArchiveView } from "./read-archive-view.ts";
import type { PagesServices } from "./services.ts";

/**
 * Finds the files of the pages that show something else than when they were written, or are not as they were written. The
 * newest first, the index last.
 */
export async function findDuePages(
  services: PagesServices,
  account: string,
  requestedDays: readonly Day[],
): Promise<readonly string[]> {
  const { derived, style, log } = services;
  const index = await findPagesIndex(derived, account);
  const plan = planPages(index.days, style, await readArchiveView(services, account));
  const listed = new Map<string, string>();
  for await (const { key, etag } of derived.list(DerivedPrefix.pages)) listed.set(key, etag);
  const due = [...versionsOf(plan, index.pages.keys())].filter(([file, version]) => {
    const known = index.pages.get(file);
    const page = plan.pages.get(file);
    const isRequested = page !== undefined && requestedDays.some((day) => page.from <= day && day < page.to);
    const isStored = known !== undefined && listed.get(derivedKeys.page(file)) === known.written.etag;
    return isRequested || !isStored || known.version !== version;
  });
  log.info("pages selected", { pages: due.length });
  return due.map(([file]) => file);
}
