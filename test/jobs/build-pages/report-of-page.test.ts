import { expect, test } from "vitest";
import { addDays } from "../../../shared/core/time/days.ts";
import type { PlannedPage } from "../../../shared/jobs/build-pages/page-plan.ts";
import { reportOfPage } from "../../../shared/jobs/build-pages/report-of-page.ts";
import { dayDigest } from "../../support/pages/companies.ts";
import { memoryBucket } from "../../support/storage/memory-bucket.ts";

const week: PlannedPage = {
  ...{ file: "week-2026-11-02.html", period: "week", from: "2026-11-02", to: "2026-11-09", version: "v" },
  ...{ previous: undefined, next: undefined, related: [] },
};
const present = ["2026-11-02", "2026-11-03"];
const reportWith = (days: readonly string[]) => {
  const counted = new Map(days.map((day) => [day, dayDigest(day, 10)]));
  return reportOfPage(memoryBucket(), week, { days: new Map(), counted, locale: "de-DE" });
};

test("a week is compared with the same days of the week before only if each of them is known", async () => {
  const [first = "", second = ""] = present.map((day) => addDays(day, -7));

  expect((await reportWith(present)).before).toBeUndefined();
  expect((await reportWith([...present, first])).before).toBeUndefined();
  expect([...((await reportWith([...present, first, second])).before?.keys() ?? [])]).toEqual([first, second]);
});
