import { describe, expect, test } from "vitest";
import type { AnalyticsFigures } from "../../../shared/core/figures/day-figures.ts";
import { derivedKeys } from "../../../shared/core/object-keys.ts";
import { addDays, type Day } from "../../../shared/core/time/days.ts";
import type { PlannedPage } from "../../../shared/jobs/build-pages/page-plan.ts";
import type { IndexedDay } from "../../../shared/jobs/build-pages/pages-index.ts";
import { reportOfPage } from "../../../shared/jobs/build-pages/report-of-page.ts";
import { renderReport } from "../../../shared/pages/render-report.ts";
import { zippedJson } from "../../../shared/storage/stored-json.ts";
import { archiveView, dayDigest, member } from "../../support/pages/companies.ts";
import { textIn } from "../../support/pages/tables-in.ts";
import { memoryBucket } from "../../support/storage/memory-bucket.ts";

const week: PlannedPage = {
  ...{ file: "week-2026-11-02.html", period: "week", from: "2026-11-02", to: "2026-11-09", version: "v" },
  ...{ previous: undefined, next: undefined, related: [] },
};
const present = ["2026-11-02", "2026-11-03"];
/** Stored figures of these days, with the groups that each has. */
async function withFigures(groupsByDay: Readonly<Record<Day, AnalyticsFigures>>) {
  const derived = memoryBucket();
  const days = new Map<Day, IndexedDay>();
  for (const [day, analytics] of Object.entries(groupsByDay)) {
    const digest = dayDigest(day, 10);
    const body = zippedJson({ day, ...digest, analytics });
    const etag = await derived.put(derivedKeys.figures(day), body, "application/gzip");
    const figures = { etag, bytes: body.bytes, sha256: body.sha256 };
    days.set(day, { tables: "t", digest, figures, hasCalls: true });
  }
  return { derived, days };
}
const countedOf = (days: readonly Day[]) => new Map(days.map((day) => [day, dayDigest(day, 10)]));
const queue = [member("q", 40)];

describe("the analytics of a week", () => {
  test("of other days than its calls are in no sum", async () => {
    const { derived, days } = await withFigures({ "2026-11-03": { Queues: queue }, "2026-11-04": { Queues: queue } });

    const report = await reportOfPage(derived, week, { days, counted: countedOf(["2026-11-02"]), locale: "de-DE" });

    expect(report).toMatchObject({ analytics: {}, analyticsDays: 0 });
    const html = await renderReport(report, archiveView(), { locale: "en-US", timeZone: "UTC", people: "names" });
    expect(textIn(html)).toContain("RingCentral's analytics of the days that this week counts were not collected");
  });

  test("of some of its days are said to cover as many as the group with the fewest", async () => {
    const { derived, days } = await withFigures({
      ...{ "2026-11-02": { Queues: queue, Users: queue }, "2026-11-03": { Queues: queue } },
      "2026-11-04": { Queues: queue, Users: queue },
    });
    const counted = countedOf(["2026-11-02", "2026-11-03"]);

    const report = await reportOfPage(derived, week, { days, counted, locale: "de-DE" });

    expect(report.analyticsDays).toBe(1);
    expect(report.analytics.Queues?.[0]?.calls).toBe(80);
    const html = await renderReport(report, archiveView(), { locale: "en-US", timeZone: "UTC", people: "names" });
    expect(textIn(html)).toContain("RingCentral's analytics cover 1 of 2 days, or more of some groups");
  });
});

test("the analytics of a day whose call log is not known are on its own page", async () => {
  const { derived, days } = await withFigures({ "2026-11-03": { Queues: queue } });
  const page: PlannedPage = { ...week, period: "day", from: "2026-11-03", to: "2026-11-04" };

  const report = await reportOfPage(derived, page, { days, counted: new Map(), locale: "de-DE" });

  expect(report).toMatchObject({ analytics: { Queues: queue }, analyticsDays: 1 });
});

const reportWith = (days: readonly string[]) => {
  return reportOfPage(memoryBucket(), week, { days: new Map(), counted: countedOf(days), locale: "de-DE" });
};

test("a week is compared with the same days of the week before only if each of them is known", async () => {
  const [first = "", second = ""] = present.map((day) => addDays(day, -7));

  expect((await reportWith(present)).before).toBeUndefined();
  expect((await reportWith([...present, first])).before).toBeUndefined();
  expect([...((await reportWith([...present, first, second])).before?.keys() ?? [])]).toEqual([first, second]);
});
