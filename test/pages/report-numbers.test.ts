import { expect, test } from "vitest";
import { outcomes } from "../../shared/core/figures/outcome.ts";
import { renderIndex } from "../../shared/pages/render-index.ts";
import { renderReport } from "../../shared/pages/render-report.ts";
import { archiveView, company400, dayDigest, dayReport, reportIndex } from "../support/pages/companies.ts";
import { longReport, style } from "../support/pages/page-kinds.ts";
import { headingsIn, rowsIn, textIn } from "../support/pages/tables-in.ts";

const locales = ["en-US", "de-DE", "ar-EG", "hi-IN"] as const;
const report = dayReport(company400);
const [digest] = [...report.days.values()];
const [before] = [...(report.before?.values() ?? [])];
if (!digest || !before) throw new Error("The report has no days.");

test.each(locales)("in %s every number of the call log's tables is that of the day", async (locale) => {
  const html = await renderReport(report, archiveView(), { ...style, locale });
  const number = (value: number) => new Intl.NumberFormat(locale).format(value);
  const percent = (value: number) => new Intl.NumberFormat(locale, { style: "percent" }).format(value);
  const { calls, recordings } = digest;

  const inbound = rowsIn(html, "Inbound calls by hour");
  const outbound = rowsIn(html, "Outbound calls by hour");
  expect(inbound.map(([, value]) => value)).toEqual(calls.hours.map((hour) => number(hour.inbound)));
  expect(outbound.map(([, value]) => value)).toEqual(calls.hours.map((hour) => number(hour.outbound)));
  expect(rowsIn(html, "Inbound calls by outcome").map(([, count]) => count)).toEqual(
    outcomes.map((outcome) => number(calls.outcomes[outcome])),
  );
  expect(rowsIn(html, "Inbound calls by outcome")[0]?.slice(2)).toEqual([
    percent(calls.outcomes.answered / calls.inbound),
    percent(before.calls.outcomes.answered / before.calls.inbound),
  ]);
  const states = ["stored", "pending", "lost", "notFound", "refused", "alreadyDeleted"] as const;
  expect(rowsIn(html, "Recordings by state").map(([, ...counts]) => counts)).toEqual(
    states.map((state) => [number(recordings[state]), number(before.recordings[state])]),
  );
});

test("the usual range of an hour is the middle half of the same weekday's", async () => {
  const days = [40, 10, 30, 20].map((inbound) => {
    const day = dayDigest("2026-11-12", 100);
    return { ...day, calls: { ...day.calls, hours: day.calls.hours.map(() => ({ inbound, outbound: 0 })) } };
  });
  const html = await renderReport(dayReport(company400, "2026-11-19", { sameWeekdays: days }), archiveView(), style);

  // Of 10, 20, 30, 40 the quartiles are 17.5 and 32.5.
  expect(rowsIn(html, "Inbound calls by hour")[9]?.slice(2)).toEqual(["18", "33"]);
  expect(html).toContain("the middle half of 4 Thursdays of the eight weeks before");
});

test.each(locales)(
  "in %s the headline figures are those of the day, with their change against the week before",
  async (locale) => {
    const html = await renderReport(report, archiveView(), { ...style, locale });
    const number = (value: number) => new Intl.NumberFormat(locale).format(value);
    const change = (now: number, then: number) =>
      new Intl.NumberFormat(locale, { style: "percent", signDisplay: "exceptZero" })
        .format(now / then - 1)
        .replace("-", "−");
    const figures = [...html.matchAll(/<dt>(.*?)<\/dt><dd><b>(.*?)<\/b> <span>(.*?)<\/span>/g)].map(
      ([, ...each]) => each,
    );

    expect(figures.map(([name]) => name)).toEqual([
      ...["Inbound calls", "Inbound answered", "Callers who gave up", "Outbound calls", "Outbound connected"],
      "Recordings stored",
    ]);
    const [inbound, answered, , outbound, , stored] = figures;
    const { calls, recordings } = digest;
    expect(inbound?.slice(1)).toEqual([number(calls.inbound), change(calls.inbound, before.calls.inbound)]);
    expect(outbound?.slice(1)).toEqual([number(calls.outbound), change(calls.outbound, before.calls.outbound)]);
    expect(stored?.slice(1)).toEqual([number(recordings.stored), change(recordings.stored, before.recordings.stored)]);
    const points =
      100 * (calls.outcomes.answered / calls.inbound - before.calls.outcomes.answered / before.calls.inbound);
    const signed = new Intl.NumberFormat(locale, { signDisplay: "exceptZero", maximumFractionDigits: 0 }).format(
      points,
    );
    expect(answered?.[2]).toBe(`${signed.replace("-", "−")} points`);
  },
);

test("every number of the queues is RingCentral's, and the lowest service level comes first", async () => {
  const html = await renderReport(report, archiveView(), style);
  const queues = report.analytics.Queues ?? [];
  const rows = rowsIn(html, "Queues by service level");
  const levels = rows.map(([, , within, outside]) => Number(within) / (Number(within) + Number(outside)));

  expect(rows).toHaveLength(24);
  expect(levels).toEqual(levels.toSorted((a, b) => a - b));
  for (const [name, calls, within, outside, level, wait, gaveUp, share] of rows) {
    const queue = queues.find((each) => each.name === name);
    if (!queue) throw new Error(`There is no queue ${name}`);
    expect([calls, within, outside, gaveUp].map(Number)).toEqual([
      queue.calls,
      queue.inSla,
      queue.outOfSla,
      queue.abandoned,
    ]);
    expect(level).toBe(`${Math.round((100 * queue.inSla) / (queue.inSla + queue.outOfSla))}%`);
    const seconds = Math.round(queue.ringingSeconds / queue.ringing);
    expect(wait).toBe(seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`);
    expect(share).toBe(`${Math.round((100 * queue.abandoned) / queue.calls)}%`);
  }
});

test("the busiest ten people and the ten who answered the smallest share are listed, in this order", async () => {
  const html = await renderReport(report, archiveView(), style);
  const users = report.analytics.Users ?? [];
  const shareOf = (name: string | undefined) => {
    const user = users.find((each) => each.name === name);
    return user ? user.answered / (user.answered + user.notAnswered) : Number.NaN;
  };
  const calls = users.map((each) => each.calls).toSorted((a, b) => b - a);
  const judged = users.filter(({ answered, notAnswered }) => answered + notAnswered >= 10);
  const shares = judged.map(({ name }) => shareOf(name)).toSorted((a, b) => a - b);

  expect(rowsIn(html, "Busiest people").map(([, count]) => Number(count))).toEqual(calls.slice(0, 10));
  const least = rowsIn(html, "Least reachable people");
  expect(least.map(([, inbound, answered]) => Number(answered) / Number(inbound))).toEqual(shares.slice(0, 10));
});

test("ringing, talk and hold are sums and averages of the company's analytics", async () => {
  const html = await renderReport(report, archiveView(), style);
  const [company] = report.analytics.Company ?? [];
  const rows = rowsIn(html, "Ringing, talk and hold");
  const seconds = Math.round((company?.talkSeconds ?? 0) / (company?.talking ?? 1));

  expect(rows.map(([name]) => name)).toEqual(["Ringing", "Talk", "Hold"]);
  expect(rows[1]?.[3]).toBe(`${Math.floor(seconds / 60)} min ${seconds % 60} s`);
  expect(rows[0]?.[2]).toBe(company?.ringing.toLocaleString("en-US"));
  expect(rows[1]?.[1]).toMatch(new RegExp(`^${Math.floor(Math.round((company?.talkSeconds ?? 0) / 60) / 60)} h`));
});

test.each(["week", "month"] as const)("a %s shows the sums of its days, and each day", async (period) => {
  const long = longReport(period, "2026-10-14");
  const html = await renderReport(long, archiveView(), style);
  const days = [...long.days.values()];
  const sum = days.reduce((total, { calls }) => total + calls.inbound, 0);

  const rows = rowsIn(html, "Inbound calls by day");
  expect(rows.map(([, value]) => value)).toEqual(days.map(({ calls }) => calls.inbound.toLocaleString("en-US")));
  expect(textIn(html)).toContain(`${sum.toLocaleString("en-US")} came in`);
  if (period === "week") {
    const earlier = [...(long.before?.values() ?? [])].map(({ calls }) => calls.inbound.toLocaleString("en-US"));
    expect(rows.map(([, , value]) => value)).toEqual(earlier);
  }
});

test("the calendar's table has every day of the archive once, with its state", async () => {
  const archive = archiveView(400);
  const html = await renderIndex(reportIndex(3), archive, style);
  const rows = rowsIn(html, "The archive's days");
  const counts = (state: string) => [...archive.days.values()].filter((each) => each === state).length;

  for (const state of ["complete", "open", "incomplete"]) {
    const shown = rows.filter(([, , each]) => each === state).reduce((sum, row) => sum + Number(row[3]), 0);
    expect(shown).toBe(counts(state));
  }
  expect(headingsIn(html, 3)[0]).toBe(`${counts("complete")} of the last 400 days are complete`);
});

test("the index lists every day's page with its figures, by month", async () => {
  const index = reportIndex(40);
  const html = await renderIndex(index, archiveView(40), style);
  const rows = [...rowsIn(html, "Days of November 2026"), ...rowsIn(html, "Days of October 2026")];

  expect(rows.map(([, inbound]) => inbound)).toEqual(
    index.days.map(({ digest: { calls } }) => calls.inbound.toLocaleString("en-US")),
  );
  const links = [...html.matchAll(/<a href="([^"]+)"/g)].map(([, file]) => file);
  expect(links.toSorted()).toEqual([...index.days, ...index.weeks, ...index.months].map(({ file }) => file).toSorted());
});
