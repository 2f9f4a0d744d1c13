import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { derivedKeys } from "../../../shared/core/object-keys.ts";
import { type Day, daysBetween } from "../../../shared/core/time/days.ts";
import { countedDays } from "../../../shared/jobs/build-pages/counted-days.ts";
import { pagesForm, planPages } from "../../../shared/jobs/build-pages/page-plan.ts";
import type { IndexedDay } from "../../../shared/jobs/build-pages/pages-index.ts";
import { reportOfPage } from "../../../shared/jobs/build-pages/report-of-page.ts";
import { renderIndex } from "../../../shared/pages/render-index.ts";
import { renderReport } from "../../../shared/pages/render-report.ts";
import { renderWithdrawn } from "../../../shared/pages/render-withdrawn.ts";
import type { PageStyle } from "../../../shared/pages/report.ts";
import { zippedJson } from "../../../shared/storage/stored-json.ts";
import { analyticsOf, archiveView, dayDigest, dayReport, reportIndex } from "../../support/pages/companies.ts";
import { hostileReport } from "../../support/pages/hostile-names.ts";
import { attention, company3, company5000, longReport } from "../../support/pages/page-kinds.ts";
import { plainIntl, plainLocale } from "../../support/pages/plain-intl.ts";
import { memoryBucket } from "../../support/storage/memory-bucket.ts";

/** SHA-256 of sample pages, and the form of pages that they have. */
const file = join(import.meta.dirname, "pages-form.json");
const readStored = async () => JSON.parse(await readFile(file, "utf8"));

const style: PageStyle = { locale: plainLocale, timeZone: "America/Chicago", people: "names" };
const company = { calls: 600, users: 30, queues: 6, teams: 4 };

beforeAll(() => void vi.stubGlobal("Intl", plainIntl));
afterAll(() => void vi.unstubAllGlobals());

/** The pages of the newest day, week and month and of the first ones, from the stored figures of ten weeks. */
async function pagesFromFigures(): Promise<readonly string[]> {
  const derived = memoryBucket();
  const indexed = new Map<Day, IndexedDay>();
  for (const day of daysBetween("2026-09-11", "2026-11-20")) {
    const digest = dayDigest(day, company.calls);
    const body = zippedJson({ day, ...digest, analytics: analyticsOf(company, day) });
    const etag = await derived.put(derivedKeys.figures(day), body, "application/gzip");
    const { bytes, sha256 } = body;
    indexed.set(day, { tables: "t", digest, figures: { etag, bytes, sha256 }, hasCalls: true });
  }
  const archive = archiveView(70, { attention });
  const counted = countedDays(indexed, archive);
  const pages = [...planPages(indexed, style, archive).pages.values()];
  const chosen = ["day", "week", "month"].flatMap((period) => {
    const ofPeriod = pages.filter((page) => page.period === period);
    return [...ofPeriod.slice(0, 1), ...ofPeriod.slice(-1)];
  });
  const options = { days: indexed, counted, locale: style.locale };
  return Promise.all(
    chosen.map(async (page) => renderReport(await reportOfPage(derived, page, options), archive, style)),
  );
}

/** Pages of what is rare. */
function rarePages(): readonly Promise<string>[] {
  const clockDay = dayReport(company, "2026-11-01", { before: undefined, sameWeekdays: [] });
  const empty = { days: new Map(), analytics: {}, analyticsDays: 0, before: undefined, sameWeekdays: [] };
  return [
    renderReport(clockDay, archiveView(1, { verification: undefined }), style),
    renderReport(dayReport(company, "2026-11-19", { analytics: {}, analyticsDays: 0 }), archiveView(), style),
    renderReport(dayReport(company, "2026-11-19", empty), archiveView(0), style),
    renderReport(dayReport(company3), archiveView(), style),
    renderReport(longReport("month", "2026-10-12", company5000), archiveView(), style),
    renderReport(dayReport(company), archiveView(), { ...style, people: "extensions" }),
    renderReport(dayReport(company), archiveView(), { ...style, people: "none" }),
    renderReport(hostileReport(), archiveView(), style),
    renderIndex(reportIndex(500), archiveView(), style),
    renderIndex(reportIndex(0), archiveView(0), style),
    renderWithdrawn(),
  ];
}

test("pages look otherwise only with another form, so that all are written again (UPDATE_DOCS=1 stores a raised form)", async () => {
  const pages = createHash("sha256");
  for (const page of [...(await pagesFromFigures()), ...(await Promise.all(rarePages()))]) pages.update(page);

  const content = { form: pagesForm, sha256: pages.digest("hex") };
  const isRaised = pagesForm > (await readStored()).form;
  if (process.env.UPDATE_DOCS && isRaised) await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
  expect(content, "raise pagesForm in page-plan.ts, then store the pages with UPDATE_DOCS=1").toEqual(
    await readStored(),
  );
});
