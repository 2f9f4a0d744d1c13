import { toBody } from "../../aws/bucket.ts";
import type { DayDigest } from "../../core/figures/day-figures.ts";
import { indexFile } from "../../core/figures/periods.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { renderIndex } from "../../pages/render-index.ts";
import { renderReport } from "../../pages/render-report.ts";
import { renderWithdrawn } from "../../pages/render-withdrawn.ts";
import type { ReportIndex } from "../../pages/report.ts";
import type { Items } from "../../runtime/items.ts";
import { countedDays } from "./counted-days.ts";
import { PagesMetric } from "./metrics.ts";
import { type PagePlan, planPages, versionsOf } from "./page-plan.ts";
import { openPagesIndex } from "./pages-index.ts";
import { readArchiveView } from "./read-archive-view.ts";
import { reportOfPage } from "./report-of-page.ts";
import type { PagesServices } from "./services.ts";

/** A killed run writes at most this many pages again. */
const maxUnsavedPages = 50;
const contentType = "text/html; charset=utf-8";

/** Writes pages by file. A page that fails is written by the next run. */
export async function writePages(
  services: PagesServices,
  account: string,
  due: readonly string[],
): Promise<Items<string>> {
  const { derived, style, metrics, log } = services;
  const index = await openPagesIndex(derived, account);
  const archive = await readArchiveView(services, account);
  const plan = planPages(index.days, style, archive);
  const versions = versionsOf(plan, [...index.pages.keys(), ...due]);
  const counted = countedDays(index.days, archive);
  const htmlOf = async (file: string) => {
    const page = plan.pages.get(file);
    const { days } = index;
    if (page) {
      return renderReport(await reportOfPage(derived, page, { days, counted, locale: style.locale }), archive, style);
    }
    return file === indexFile ? renderIndex(indexOf(plan, counted), archive, style) : renderWithdrawn();
  };
  return {
    concurrency: 1,
    maxUnsaved: maxUnsavedPages,
    from: (place) => due.slice(place),
    nameOf: (file) => file,
    work: async (file, succeeded) => {
      const body = toBody(await htmlOf(file));
      const { bytes, sha256 } = body;
      const etag = await derived.put(derivedKeys.page(file), body, contentType);
      index.pages.set(file, { version: versions.get(file) ?? "", written: { etag, bytes, sha256 } });
      metrics.add(PagesMetric.pagesWritten, 1);
      succeeded();
    },
    reportFailure: async (file, { error }) => log.error("page building failed", { page: file, ...error.toJSON() }),
    save: async () => {
      await index.write();
      log.info("pages built", { pages: index.pages.size });
    },
  };
}

function indexOf({ pages }: PagePlan, counted: ReadonlyMap<Day, DayDigest>): ReportIndex {
  const all = [...pages.values()];
  const of = (period: string) => all.filter((page) => page.period === period);
  return {
    days: of("day").flatMap((page) => {
      const digest = counted.get(page.from);
      return digest ? [{ ...page, digest }] : [];
    }),
    weeks: of("week"),
    months: of("month"),
  };
}
