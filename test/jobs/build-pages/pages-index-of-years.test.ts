import { beforeAll, expect, test } from "vitest";
import { derivedKeys } from "../../../shared/core/object-keys.ts";
import { addDays, daysBetween } from "../../../shared/core/time/days.ts";
import { planPages } from "../../../shared/jobs/build-pages/page-plan.ts";
import { type IndexedDay, openPagesIndex } from "../../../shared/jobs/build-pages/pages-index.ts";
import type { PagesServices } from "../../../shared/jobs/build-pages/services.ts";
import { writePages } from "../../../shared/jobs/build-pages/write-pages.ts";
import type { PageStyle } from "../../../shared/pages/report.ts";
import { archiveView, dayDigest } from "../../support/pages/companies.ts";
import { textIn } from "../../support/pages/tables-in.ts";
import { workOff } from "../../support/runtime/work-off.ts";
import { memoryBucket } from "../../support/storage/memory-bucket.ts";

const style: PageStyle = { locale: "en-US", timeZone: "America/Chicago", people: "names" };

/** So many days with figures, up to one in the middle of a month. */
function indexedDays(count: number): ReadonlyMap<string, IndexedDay> {
  const days = daysBetween(addDays("2026-11-20", -count), "2026-11-20");
  const figures = { etag: "e", bytes: 1, sha256: "s" };
  return new Map(days.map((day) => [day, { tables: "t", digest: dayDigest(day, 3900), figures, hasCalls: true }]));
}

/** The index page of an archive of these days, as the job writes it. */
async function indexOf(days: ReadonlyMap<string, IndexedDay>): Promise<string> {
  const derived = memoryBucket();
  const index = await openPagesIndex(derived, "7");
  for (const [day, indexed] of days) index.days.set(day, indexed);
  await index.write();
  const services = {
    ...{ derived, archive: memoryBucket(), state: memoryBucket(), style, stack: "nightshift-lab" },
    ...{ timeZone: style.timeZone, now: () => new Date("2026-11-20T09:00:00Z") },
    ...{ log: { info: () => {} }, metrics: { add: () => {} } },
  } as unknown as PagesServices;
  await workOff(writePages(services, "7", ["index.html"]));
  return (await derived.get(derivedKeys.page("index.html")))?.body.toString() ?? "";
}

const linked = (html: string) => [...html.matchAll(/<a href="([^"]+)"/g)].map(([, file = ""]) => file);

// The first day is the first of a month, in a week that began in the month before.
const years = indexedDays(1_115);
let index: string;
beforeAll(async () => {
  index = await indexOf(years);
});

test("every page is linked from the index, or from the page of its month, and no link leads to a page that is not planned", () => {
  const { pages } = planPages(years, style, archiveView());
  const months = linked(index).filter((file) => file.startsWith("month-"));
  const ofMonths = months.flatMap((file) => pages.get(file)?.related ?? []).map(({ file }) => file);
  const allLinks = [...pages.values()].flatMap(({ related }) => related.map(({ file }) => file));

  expect([...new Set([...linked(index), ...ofMonths])].sort()).toEqual([...pages.keys()].sort());
  expect(allLinks.filter((file) => !pages.has(file))).toEqual([]);
});

test("the index lists the days of the last 400 days and their months, and says where older ones are", async () => {
  const days = linked(index).filter((file) => /^\d/.test(file));

  expect(days.at(0)).toBe("2026-11-19.html");
  expect(days.at(-1)).toBe("2025-10-01.html");
  expect(textIn(index)).toContain("Older days are on the pages of their months.");
  expect(textIn(await indexOf(indexedDays(400)))).not.toContain("Older days");
});
