import { describe, expect, test } from "vitest";
import { addDays, type Day, daysBetween } from "../../../shared/core/time/days.ts";
import { countedDays } from "../../../shared/jobs/build-pages/counted-days.ts";
import { planPages, sameWeekdaysBefore, versionsOf } from "../../../shared/jobs/build-pages/page-plan.ts";
import type { IndexedDay } from "../../../shared/jobs/build-pages/pages-index.ts";
import type { ArchiveView, PageStyle } from "../../../shared/pages/report.ts";
import { archiveView, dayDigest } from "../../support/pages/companies.ts";

const days = daysBetween("2026-08-03", "2026-11-20");
const style: PageStyle = { locale: "en-US", timeZone: "America/Chicago", people: "names" };
const archive = archiveView();
const verifiedAt = new Date("2026-11-19T12:20:00Z");

/** Days with figures; those of `changed` have others. */
function indexed(all: readonly Day[], changed?: Day): ReadonlyMap<Day, IndexedDay> {
  return new Map(
    all.map((day) => {
      const sha256 = day === changed ? `other ${day}` : day;
      return [
        day,
        { tables: "t", digest: dayDigest(day, 10), figures: { etag: "e", bytes: 1, sha256 }, hasCalls: true },
      ];
    }),
  );
}

const versions = (ofDays = indexed(days), changes: Partial<ArchiveView> = {}, ofStyle: Partial<PageStyle> = {}) =>
  versionsOf(planPages(ofDays, { ...style, ...ofStyle }, { ...archive, ...changes }), []);

const all = versions();

/** Files whose version is another one, or that are new. */
const changedIn = (next: ReadonlyMap<string, string>) =>
  [...next].flatMap(([file, version]) => (all.get(file) === version ? [] : [file])).sort();

const newestPages = ["2026-11-19.html", "index.html", "month-2026-11.html", "week-2026-11-15.html"];

describe("every page has another version", () => {
  test.each<[string, Partial<PageStyle>]>([
    ["in another language", { locale: "en-CA" }],
    ["in another time zone", { timeZone: "America/Denver" }],
    ["when people appear otherwise", { people: "extensions" }],
  ])("%s", (_what, changed) => {
    expect(changedIn(versions(indexed(days), {}, changed))).toEqual([...all.keys()].sort());
  });
});

describe("the newest day, week and month and the index have another version, and no other page has,", () => {
  const changedDay = new Map([...archive.days, ["2026-10-01", "missing" as const]]);
  const onceMore = new Map([...archive.days, ["2026-11-20", "open" as const]]);
  const attention = [{ chapter: "run-failed", act: "Start it.", command: "npx nightshift status" }];

  test.each<[string, Partial<ArchiveView>]>([
    ["when the sentence of the status changes", { sentence: "Complete to 17 Nov." }],
    ["when something needs attention", { attention }],
    ["when the archive has no verification", { verification: undefined }],
    ["when a verification finds something", { verification: { at: verifiedAt, findings: 1 } }],
    ["when another verification has ended", { verification: { at: new Date(0), findings: 0 } }],
    ["when nobody knows when the verification ended", { verification: { at: undefined, findings: 0 } }],
    ["when a day of the archive is in another state", { days: changedDay }],
    ["when the archive has one more day", { days: onceMore }],
  ])("%s", (_what, changes) => {
    expect(changedIn(versions(indexed(days), changes))).toEqual(newestPages);
  });
});

test("no page has another version because time has passed", () => {
  expect(changedIn(versions(indexed(days), { at: new Date("2026-11-20T06:00:00Z") }))).toEqual([]);
});

describe("other figures of a day", () => {
  const changed = "2026-08-10";

  test("change the same weekday of the eight weeks after it, and no later one", () => {
    const daily = changedIn(versions(indexed(days, changed))).filter((file) => /^\d/.test(file));

    expect(daily).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8].map((weeks) => `${addDays(changed, 7 * weeks)}.html`));
    expect(sameWeekdaysBefore(addDays(changed, 56))).toHaveLength(8);
  });

  test("change its week and month, those after it, and the index", () => {
    const longer = changedIn(versions(indexed(days, changed))).filter((file) => !/^\d/.test(file));

    expect(longer).toEqual([
      ...["index.html", "month-2026-08.html", "month-2026-09.html", "week-2026-08-09.html", "week-2026-08-16.html"],
    ]);
  });
});

test("a new day changes its neighbour, which links to it, its week, its month and the index", () => {
  const next = versions(indexed([...days, "2026-11-20"]));

  expect(changedIn(next)).toEqual(["2026-11-19.html", "2026-11-20.html", ...newestPages.slice(1)]);
});

test("without days there is the index alone", () => {
  expect([...versions(new Map()).keys()]).toEqual(["index.html"]);
});

test("a day that has no calls is shown otherwise once it is closed: until then nobody knows whether it had any", () => {
  const quiet = "2026-10-01";
  const withQuiet = new Map([...indexed(days)].map(([day, each]) => [day, { ...each, hasCalls: day !== quiet }]));
  const stateOf = (state: "open" | "complete") => ({ days: new Map([...archive.days, [quiet, state] as const]) });

  const open = versions(withQuiet, stateOf("open"));
  const closed = versions(withQuiet, stateOf("complete"));

  const changed = [...closed].flatMap(([file, version]) => (open.get(file) === version ? [] : [file]));
  expect(changed).toEqual(expect.arrayContaining([`${quiet}.html`, "2026-10-08.html", "month-2026-10.html"]));
  expect(changed).not.toContain("2026-09-24.html");
});

test("a closed day without calls has none, even if its listing is unstable; one whose manifest is damaged is not known", () => {
  const quiet = "2026-10-01";
  const none = new Map([...indexed([quiet])].map(([day, each]) => [day, { ...each, hasCalls: false }]));
  const view = { ...archive, days: new Map([[quiet, "incomplete" as const]]) };

  expect([...countedDays(none, view).keys()]).toEqual([quiet]);
  expect([...countedDays(none, { ...view, damaged: new Set([quiet]) }).keys()]).toEqual([]);
});

test("the page of an open day is written again when the day is closed, and no other page of an earlier day is", () => {
  const earlier = "2026-11-10";
  const open = versions(indexed(days), { days: new Map([...archive.days, [earlier, "open" as const]]) });
  const closed = versions(indexed(days), { days: new Map([...archive.days, [earlier, "complete" as const]]) });

  const changed = [...closed].flatMap(([file, version]) => (open.get(file) === version ? [] : [file])).sort();
  expect(changed).toEqual([`${earlier}.html`, ...newestPages].sort());
});
