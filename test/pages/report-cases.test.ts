import { describe, expect, test } from "vitest";
import type { DayDigest } from "../../shared/core/figures/day-figures.ts";
import { addDays } from "../../shared/core/time/days.ts";
import { renderIndex } from "../../shared/pages/render-index.ts";
import { renderReport } from "../../shared/pages/render-report.ts";
import { renderWithdrawn } from "../../shared/pages/render-withdrawn.ts";
import type { Report } from "../../shared/pages/report.ts";
import { once } from "../support/once.ts";
import {
  analyticsOf,
  archiveView,
  company400,
  dayDigest,
  dayReport,
  member,
  reportIndex,
} from "../support/pages/companies.ts";
import { attention, company3, company5000, longAttention, longReport, style } from "../support/pages/page-kinds.ts";
import { headingsIn, rowsIn, tablesIn, textIn } from "../support/pages/tables-in.ts";

const page = (changes: Partial<Report> = {}) =>
  renderReport(dayReport(company400, "2026-11-19", changes), archiveView(), style);
/** The page of a usual day. */
const usualPage = once(() => page());
/** A day without analytics: it has half of the charts, and all that is not about analytics. */
const plainDay = (day = "2026-11-19", changes: Partial<Report> = {}) =>
  dayReport(company400, day, { analytics: {}, analyticsDays: 0, ...changes });
const plainPage = (changes: Partial<Report> = {}) =>
  renderReport(plainDay("2026-11-19", changes), archiveView(), style);
const weekdays = plainDay().sameWeekdays;
/** A week or month without analytics. */
const plainReport = (...[period, day]: Parameters<typeof longReport>) =>
  longReport(period, day, company400, { analytics: {}, analyticsDays: 0 });

test("the first line of every page is the status sentence, with the time when it was so", async () => {
  for (const html of [await usualPage(), await renderIndex(reportIndex(0), archiveView(0), style)]) {
    const text = textIn(html.slice(html.indexOf("<body>"))).trim();
    expect(text).toMatch(
      /^Complete to 18 Nov; 3 recordings pending; nothing to do\. As of Nov 19, 2026, 11:12\sPM CST/,
    );
  }
});

test("a page that is not written any more says why, what to open instead, and nothing of calls that it does not have", async () => {
  const html = await renderWithdrawn();
  const text = textIn(html.slice(html.indexOf("<main>")));

  expect(text).toContain("weeks begin on another day since the setting pages was changed");
  expect(html).toContain('Open instead: <a href="index.html">All pages</a>');
  expect(html).toContain("<footer><p>Built by Nightshift.</p></footer>");
  expect(textIn((await usualPage()).split("<footer>")[1] ?? "")).toContain("call log");
});

test("what needs attention is said with its command, before any figure", async () => {
  const html = await renderReport(plainDay(), archiveView(9, { attention }), style);

  expect(textIn(html)).toContain(
    "Two recordings were lost: read why. More: npx nightshift explain recordings-lost --stack acme",
  );
  const [before = ""] = textIn(html).split("Key figures");
  expect(before).toContain("npx nightshift explain did-not-run");
  expect(await usualPage()).not.toContain('attention"><h2>');
});

test("what is to be typed or found word for word is code, of which no word is broken at a hyphen", async () => {
  const act = "See it: `npx nightshift restore --dry-run --stack a<b`. Follow `facts.hint`.";
  const [first] = attention;
  const html = await renderIndex(
    reportIndex(1),
    archiveView(9, { attention: [{ chapter: "a", command: "npx nightshift status", ...first, act }] }),
    style,
  );
  const list = html.slice(html.indexOf('<section class="attention">'), html.indexOf("</section>"));

  expect(list).toContain(
    "<code><span>npx</span> <span>nightshift</span> <span>restore</span> <span>--dry-run</span> <span>--stack</span> <span>a&lt;b</span></code>. Follow <code><span>facts.hint</span></code>. More: <code><span>npx</span>",
  );
  expect(html).toContain("code span{display:inline-block;");
});

test("no text of an alarm has marks of code left on a page", async () => {
  const html = await renderIndex(reportIndex(1), archiveView(9, { attention: longAttention }), style);

  expect(textIn(html.slice(html.indexOf("<body>")))).not.toContain("`");
});

test("without a period before there is no change, and the page says so", async () => {
  const html = await plainPage({ before: undefined });

  expect(textIn(html)).toContain("The same weekday a week before has no figures, so no change is shown.");
  expect(html).not.toContain("points</span>");
});

test("a week that has not ended says that it is compared with the same days of the week before", async () => {
  const week = plainReport("week", "2026-11-12");
  const [first = ""] = week.days.keys();
  const without = <T>(days: ReadonlyMap<string, T>, left: string) => new Map([...days].filter(([day]) => day !== left));
  const before = without(week.before ?? new Map(), addDays(first, -7));
  const archive = archiveView(9, { today: addDays(week.to, -1) });
  const html = await renderReport({ ...week, days: without(week.days, first), before }, archive, style);

  expect(textIn(html)).toMatch(/Compared with the same days of the week of \w+, Nov \d+/);
  expect(rowsIn(html, "Inbound calls by day")[0]?.[1]).toBe("no figures");
  expect(textIn(html)).toContain("So far: 6 of 7 days.");
  expect(textIn(await renderReport(week, archive, style))).not.toContain("So far");
});

test("a period that is over, but lacks days, does not promise more", async () => {
  const week = plainReport("week", "2026-11-12");
  const days = new Map([...week.days].slice(0, 3));
  const on = (today: string) => renderReport({ ...week, days }, archiveView(9, { today }), style);

  expect(textIn(await on(addDays(week.to, -1)))).toContain("So far: 3 of 7 days.");
  expect(textIn(await on(week.to))).toContain("Only 3 of 7 days have figures.");
});

test("a month says if the one before, with which it is compared, is longer", async () => {
  const february = await renderReport(plainReport("month", "2026-02-10"), archiveView(), style);
  const august = await renderReport(plainReport("month", "2026-08-10"), archiveView(), style);

  expect(textIn(february)).toContain("Compared with January 2026, which had 31 days instead of 28");
  expect(textIn(august)).toMatch(/Compared with July 2026\s/);
});

test("a part of a month that the one before is too short for says so, and not that there is nothing", async () => {
  const html = await renderReport({ ...plainReport("month", "2026-03-10"), before: undefined }, archiveView(), style);

  expect(textIn(html)).toContain("The month before has no figures of the same days, so no change is shown.");
});

test("hours with as many calls are not told apart by their order", async () => {
  const day = dayDigest("2026-11-19", 100);
  const hours = day.calls.hours.map((_, hour) => ({
    inbound: hour === 9 || hour === 14 ? 4 : 0,
    outbound: hour === 9 ? 4 : 0,
  }));
  const html = await plainPage({
    days: new Map([["2026-11-19", { ...day, calls: { ...day.calls, hours } }]]),
    sameWeekdays: [],
  });

  expect(
    headingsIn(html, 3)
      .slice(0, 2)
      .map((text) => text.replaceAll("\u202f", " ")),
  ).toEqual(["Inbound peaked at 4 calls an hour", "Outbound peaked at 9 AM: 4 calls"]);
});

test("recordings that are not stored are in the heading, and why none will come is said", async () => {
  const recordings = {
    stored: 0,
    pending: 2,
    lost: 0,
    notFound: 4,
    refused: 2,
    alreadyDeleted: 7,
    bytes: 0,
    seconds: 0,
  };
  const of = async (changes: Partial<typeof recordings>) => {
    const digest = { ...dayDigest("2026-11-19", 100), recordings: { ...recordings, ...changes } };
    return plainPage({ days: new Map([["2026-11-19", digest]]) });
  };
  const none = { pending: 0, notFound: 0, refused: 0, alreadyDeleted: 0 };

  expect(headingsIn(await of({}), 3)).toContain("0 of 15 recordings stored, 2 pending, 0 lost");
  expect(headingsIn(await of({ ...none, stored: 1 }), 3)).toContain("1 of 1 recording stored, 0 lost");
  expect(textIn(await of({}))).toContain("there is no audio");
  expect(textIn(await of({ ...none, stored: 1 }))).not.toContain("there is no audio");
});

test("a page says which calls it counts, because the morning note counts others", async () => {
  expect(textIn(await usualPage())).toContain("count every record of the call log, faxes too");
});

test("each day of a week that lacks one is compared with its own weekday", async () => {
  const week = plainReport("week", "2026-11-12");
  const [, second = ""] = week.days.keys();
  const without = <T>(days: ReadonlyMap<string, T>, left: string) => new Map([...days].filter(([day]) => day !== left));
  const before = without(week.before ?? new Map<string, DayDigest>(), addDays(second, -7));
  const html = await renderReport({ ...week, days: without(week.days, second), before }, archiveView(), style);

  const expected = [...week.days.keys()].map((day) => before.get(addDays(day, -7))?.calls.inbound ?? "–");
  expect(rowsIn(html, "Inbound calls by day").map((row) => row[2])).toEqual(
    expected.map((value) => (typeof value === "number" ? value.toLocaleString("en-US") : value)),
  );
});

test("an open day says so, and a day that is complete does not", async () => {
  const open = "The day is still open: the next nights may change its figures.";

  expect(textIn(await usualPage())).toContain(open);
  const complete = archiveView(9, { days: new Map([["2026-11-19", "complete" as const]]) });
  expect(textIn(await renderReport(plainDay(), complete, style))).not.toContain(open);
});

test.each([
  [
    { at: new Date("2026-11-19T12:20:00Z"), findings: 0 },
    "Last verified Nov 19, 2026, 6:20 AM CST: nothing was wrong.",
  ],
  [{ at: new Date("2026-11-19T12:20:00Z"), findings: 1 }, "Last verified Nov 19, 2026, 6:20 AM CST: one finding."],
  [{ at: undefined, findings: 2 }, "Last verification: 2 findings."],
  [undefined, "The archive has not been verified yet."],
])("the last verification is on the page: %o", async (verification, text) => {
  const html = await renderReport(plainDay(), archiveView(9, { verification }), style);

  expect(textIn(html).replaceAll("\u202f", " ")).toContain(text);
});

test.each([
  [undefined, "2 of 2 days are complete"],
  [{ at: undefined, findings: 0 }, "2 of 2 days are complete"],
  [{ at: undefined, findings: 1 }, "2 of 2 days are complete, but the last verification has one finding"],
  [{ at: undefined, findings: 12 }, "2 of 2 days are complete, but the last verification has 12 findings"],
])(
  "days are not said to be complete without what the last verification has found: %o",
  async (verification, heading) => {
    const days = new Map(["2026-11-18", "2026-11-19"].map((day) => [day, "complete" as const]));
    const html = await renderReport(plainDay(), archiveView(9, { days, verification }), style);

    expect(headingsIn(html, 3)).toContain(heading);
  },
);

test("a usual range needs three of the same weekday", async () => {
  expect(
    tablesIn(await plainPage({ sameWeekdays: weekdays.slice(0, 2) })).get("Inbound calls by hour")?.head,
  ).toHaveLength(2);
  expect(
    tablesIn(await plainPage({ sameWeekdays: weekdays.slice(0, 3) })).get("Inbound calls by hour")?.head,
  ).toHaveLength(4);
});

test.each([
  [10_000, "A busy Thursday"],
  [100, "A quiet Thursday"],
])("the headline of %i calls is: %s", async (calls, headline) => {
  const html = await plainPage({ days: new Map([["2026-11-19", dayDigest("2026-11-19", calls)]]) });

  expect(headingsIn(html, 1)[0]).toMatch(new RegExp(`^${headline}, \\d\\d% of inbound answered$`));
});

test.each([
  ["2026-11-01", "America/Chicago", "had 25 hours: 1 AM counts two hours."],
  ["2026-03-08", "America/Chicago", "had 23 hours: 2 AM does not exist."],
  ["2026-04-05", "Australia/Lord_Howe", "had 24.5 hours: 1 AM counts 90 minutes."],
])("on %s in %s the page says that the day %s", async (day, timeZone, sentence) => {
  const html = await renderReport(plainDay(day), archiveView(), { ...style, timeZone });

  expect(textIn(html).replaceAll(/\s+/g, " ")).toContain(sentence);
  expect(textIn(await usualPage())).not.toContain("The clock changed");
});

test("with hours of bare numbers, the page says when calls peaked and the clock changed as times", async () => {
  const html = await renderReport(plainDay("2026-10-25"), archiveView(), {
    ...style,
    locale: "en-GB",
    timeZone: "Europe/London",
  });

  expect(textIn(html)).toMatch(/Inbound peaked at \d\d:00: /);
  expect(textIn(html)).toContain("had 25 hours: 01:00 counts two hours.");
  expect(html).toContain(">06:00</text>");
});

test("a day without figures, and an empty index, say so", async () => {
  const nothing = { days: new Map(), analytics: {}, analyticsDays: 0, before: undefined, sameWeekdays: [] };
  const html = await renderReport(dayReport(company3, "2026-11-19", nothing), archiveView(0), style);
  const index = await renderIndex(reportIndex(0), archiveView(0), style);

  expect(headingsIn(html, 1)).toEqual(["No figures yet"]);
  expect(headingsIn(html, 3)).toEqual(["The archive has no days yet"]);
  expect(textIn(index)).toContain("There are no pages yet.");
});

describe("analytics", () => {
  test("that were not collected are missed in one sentence", async () => {
    const html = await plainPage();

    expect(textIn(html).match(/analytics of this day were not collected/g)).toHaveLength(1);
    expect(headingsIn(html, 2)).toEqual(["The day by hour", "How calls went", "The archive"]);
  });

  test.each([
    ["Company", "of the whole company"],
    ["Queues", "of queues"],
    ["Departments", "of departments"],
    ["Users", "of people"],
  ] as const)("without %s are missed where they would be shown", async (group, name) => {
    const { [group]: _, ...analytics } = dayReport(company400).analytics;

    expect(textIn(await page({ analytics }))).toContain(`RingCentral's analytics ${name} were not collected.`);
  });

  test.each([
    [5, true],
    [6, true],
    [7, false],
  ])("of fewer days than the page has are said to be so: %i of 7, %s", async (analyticsDays, isSaid) => {
    const week = longReport("week", "2026-11-12", company400, { analyticsDays });
    const text = textIn(await renderReport(week, archiveView(), style));

    expect(text.includes(`RingCentral's analytics cover ${analyticsDays} of 7 days`)).toBe(isSaid);
  });

  test("of queues without calls or service levels make a page", async () => {
    const idle = member("idle", 0, { name: "Idle", inSla: 0 });
    const unmeasured = member("b", 10, { name: "Unmeasured" });
    const queues = async (...Queues: (typeof idle)[]) =>
      textIn(await page({ analytics: { ...analyticsOf(company400), Queues } }));

    expect(await queues(idle)).toContain("No queue had calls.");
    expect(await queues(unmeasured, idle)).toContain("Queues by service level");
    expect(await queues(unmeasured, idle)).toContain("1 more had no calls.");
  });
});

test("a page is at most 300 KB for 400 people and 24 queues, and no larger for 5,000", async () => {
  const large = await renderReport(dayReport(company5000), archiveView(), style);

  for (const html of [await usualPage(), large]) expect(Buffer.byteLength(html)).toBeLessThan(300_000);
});

test("the index of three years is at most 300 KB, and grows by little more than links to months", async () => {
  const sizeOf = async (count: number, locale = "en-US") =>
    Buffer.byteLength(
      await renderIndex(reportIndex(count), archiveView(count, { attention: longAttention }), { ...style, locale }),
    );

  const threeYears = await sizeOf(1_100);
  for (const size of [threeYears, await sizeOf(1_100, "hi-IN")]) expect(size).toBeLessThanOrEqual(300_000);
  expect((await sizeOf(2_200)) - threeYears).toBeLessThan(36 * 150);
});
