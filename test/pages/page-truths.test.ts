import { expect, test } from "vitest";
import type { DayDigest } from "../../shared/core/figures/day-figures.ts";
import { renderIndex } from "../../shared/pages/render-index.ts";
import { renderReport } from "../../shared/pages/render-report.ts";
import { archiveView, company400, dayReport, member, reportIndex } from "../support/pages/companies.ts";
import { longReport, style } from "../support/pages/page-kinds.ts";
import { headingsIn, rowsIn, textIn } from "../support/pages/tables-in.ts";

const report = dayReport(company400);
const [digest] = [...report.days.values()];
const [before] = [...(report.before?.values() ?? [])];
if (!digest || !before) throw new Error("The report has no days.");

/** Value and change of each headline figure, by its name. */
const keyFiguresIn = (html: string) =>
  new Map(
    [...html.matchAll(/<dt>(.*?)<\/dt><dd><b>(.*?)<\/b>(?: <span>(.*?)<\/span>)?/g)].map(([, name, value, change]) => [
      name,
      [value, change],
    ]),
  );
const signed = new Intl.NumberFormat("en-US", { signDisplay: "exceptZero", maximumFractionDigits: 0 });

/** A share and its change, as a headline figure has them. */
function shareFigure(shareOf: (digest: DayDigest) => number, [now, then]: readonly [DayDigest, DayDigest]) {
  const points = signed.format(100 * (shareOf(now) - shareOf(then))).replace("-", "−");
  const change = points === "0" ? "no change" : `${points} ${/^.1$/.test(points) ? "point" : "points"}`;
  return [`${Math.round(100 * shareOf(now))}%`, change];
}

test.each([
  ["who gave up are those of all inbound calls", 31, 12],
  ["who gave up were as many as a week before", 20, 20],
])("callers %s", async (_what, gaveUp, gaveUpBefore) => {
  const withAbandoned = (day: DayDigest, abandoned: number): DayDigest => ({
    ...day,
    calls: { ...day.calls, outcomes: { answered: 60, voicemail: 5, missed: 3, abandoned, other: 1 } },
  });
  const [now, then] = [withAbandoned(digest, gaveUp), withAbandoned(before, gaveUpBefore)];
  const changed = { days: new Map([["2026-11-19", now]]), before: new Map([["2026-11-12", then]]) };
  const html = await renderReport({ ...report, ...changed }, archiveView(), style);

  const shareOf = (day: DayDigest) => day.calls.outcomes.abandoned / (69 + day.calls.outcomes.abandoned);
  expect(keyFiguresIn(html).get("Callers who gave up")).toEqual(shareFigure(shareOf, [now, then]));
});

test("outbound calls that were connected are a share of the outbound ones, and their change is in points", async () => {
  const withConnected = (day: DayDigest, connected: number): DayDigest => ({
    ...day,
    calls: { ...day.calls, outbound: 200, connected },
  });
  const [now, then] = [withConnected(digest, 150), withConnected(before, 120)];
  const changed = { days: new Map([["2026-11-19", now]]), before: new Map([["2026-11-12", then]]) };
  const html = await renderReport({ ...report, ...changed }, archiveView(), style);

  expect(keyFiguresIn(html).get("Outbound connected")).toEqual(["75%", "+15 points"]);
});

test("hold is an average of the calls in which somebody talked, and ringing of those that rang", async () => {
  const Company = [
    member("7", 100, { ringing: 50, ringingSeconds: 500, talking: 40, talkSeconds: 8_000, holdSeconds: 1_200 }),
  ];
  const html = await renderReport({ ...report, analytics: { ...report.analytics, Company } }, archiveView(), style);

  expect(rowsIn(html, "Ringing, talk and hold")).toEqual([
    ["Ringing", "8 min", "50", "10 s"],
    ["Talk", "2 h 13 min", "40", "3 min 20 s"],
    ["Hold", "20 min", "40", "30 s"],
  ]);
});

test("a week sums what was connected, and the bytes and seconds of its recordings", async () => {
  const week = longReport("week", "2026-11-12");
  const digests = [...week.days.values()];
  const sumOf = (figureOf: (each: DayDigest) => number) => digests.reduce((sum, each) => sum + figureOf(each), 0);
  const html = await renderReport(week, archiveView(), style);

  const connected = sumOf(({ calls }) => calls.connected) / sumOf(({ calls }) => calls.outbound);
  expect(keyFiguresIn(html).get("Outbound connected")?.[0]).toBe(`${Math.round(100 * connected)}%`);
  const minutes = Math.round(sumOf(({ recordings }) => recordings.seconds) / 60);
  const length = `${Math.floor(minutes / 60).toLocaleString("en-US")} h ${minutes % 60} min`;
  const size = `${(sumOf(({ recordings }) => recordings.bytes) / 1e9).toFixed(1)} GB`;
  expect(textIn(html)).toContain(`${size}. The recorded calls lasted ${length} in all.`);
});

test("a connected share of a week is that of all its calls, not the average of its days", async () => {
  const week = longReport("week", "2026-11-12");
  const days = [...week.days].map(([day, each], index) => {
    const calls = index === 0 ? { outbound: 900, connected: 0 } : { outbound: 10, connected: 10 };
    return [day, { ...each, calls: { ...each.calls, ...calls } }] as const;
  });
  const html = await renderReport({ ...week, days: new Map(days) }, archiveView(), style);

  expect(keyFiguresIn(html).get("Outbound connected")?.[0]).toBe("6%");
});

test("the calendar marks the page's own day, a week's place from that of a week before, and no day of a week", async () => {
  const marksIn = (html: string) =>
    [...html.slice(html.indexOf('class="calendar"')).matchAll(/<path[^>]*stroke-width="1.5"[^>]*>/g)].map(([path]) =>
      /translate\(([\d.]+),([\d.]+)\)/.exec(path)?.slice(1).map(Number),
    );
  const marksOf = async (day: string) => marksIn(await renderReport(dayReport(company400, day), archiveView(), style));
  const [[x = 0, y] = [], ...others] = await marksOf("2026-11-19");

  expect(others.length).toBeLessThanOrEqual(1);
  expect((await marksOf("2026-11-12"))[0]).toEqual([x - 22, y]);
  expect((await marksOf("2026-11-18"))[0]).toEqual([x, (y ?? 0) - 22]);
  expect(marksIn(await renderReport(longReport("week", "2026-11-12"), archiveView(), style))).toEqual([]);
});

test("a page links to the one before and the one after, each by its own name", async () => {
  const next = { file: "2026-11-20.html", period: "day", from: "2026-11-20" } as const;
  const linksIn = (html: string) =>
    [...html.slice(html.indexOf("<nav")).matchAll(/<a href="([^"]+)">(.*?)<\/a>/g)].map(([, file, text = ""]) => [
      file,
      textIn(text),
    ]);
  const links = linksIn(await renderReport({ ...report, next }, archiveView(), style));

  expect(links[0]).toEqual(["2026-11-18.html", "← Wed, Nov 18"]);
  expect(links).toContainEqual(["2026-11-20.html", "Fri, Nov 20 →"]);
  const newest = linksIn(await renderReport({ ...report, previous: undefined }, archiveView(), style));
  expect(newest.filter(([, text]) => /[←→]/.test(text ?? ""))).toEqual([]);
});

test("the index has the recordings of each day that were stored and that were lost", async () => {
  const index = reportIndex(3);
  const days = index.days.map(({ digest: each, ...link }, place) => {
    const recordings = { ...each.recordings, stored: 1_200 + place, lost: place };
    return { ...link, digest: { ...each, recordings } };
  });
  const html = await renderIndex({ ...index, days }, archiveView(), style);

  expect(rowsIn(html, "Days of November 2026").map((row) => row.slice(4))).toEqual([
    ["1,200", "0"],
    ["1,201", "1"],
    ["1,202", "2"],
  ]);
});

test("the average of the last days is that of the days with figures", async () => {
  const index = reportIndex(3);
  const days = index.days.flatMap(({ digest: each, ...link }, place) => {
    const calls = { ...each.calls, inbound: 100 * (place + 1), outbound: 10 };
    return place === 1 ? [] : [{ ...link, digest: { ...each, calls } }];
  });
  const html = await renderIndex({ ...index, days }, archiveView(), style);

  expect(headingsIn(html, 3)).toContain("Inbound: 200 calls a day");
  expect(rowsIn(html, "Inbound calls by day").map(([, value]) => value)).toEqual(["100", "no figures", "300"]);
  expect(textIn(html)).toContain("Average of 2 days.");
});
