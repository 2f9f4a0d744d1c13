import { alarmTexts } from "../../../shared/alarm-texts.ts";
import type { DayDigest } from "../../../shared/core/figures/day-figures.ts";
import { type Period, pageFile, periodBefore, periodOf } from "../../../shared/core/figures/periods.ts";
import { type Day, daysBetween } from "../../../shared/core/time/days.ts";
import { renderIndex } from "../../../shared/pages/render-index.ts";
import { renderReport } from "../../../shared/pages/render-report.ts";
import type { PageStyle, Report } from "../../../shared/pages/report.ts";
import {
  analyticsOf,
  archiveView,
  type CompanySize,
  company400,
  dayDigest,
  dayReport,
  reportIndex,
} from "./companies.ts";
import { hostileReport } from "./hostile-names.ts";

export const style: PageStyle = { locale: "en-US", timeZone: "America/Chicago", people: "names" };

export const company3: CompanySize = { calls: 30, users: 3, queues: 1, teams: 1 };
export const company5000: CompanySize = { calls: 48_000, users: 5000, queues: 24, teams: 10 };

/** A week's or month's report of a company. */
export function longReport(period: Period, day: Day, size = company400, changes: Partial<Report> = {}): Report {
  const span = periodOf(period, day, 1);
  const before = periodBefore(span, 1);
  const digests = (from: Day, to: Day) =>
    new Map(daysBetween(from, to).map((each): [Day, DayDigest] => [each, dayDigest(each, size.calls)]));
  const days = digests(span.from, span.to);
  return {
    ...{ ...span, days, analytics: analyticsOf({ ...size, calls: size.calls * days.size }, span.from) },
    ...{ analyticsDays: days.size, before: digests(before.from, before.to), sameWeekdays: [] },
    previous: { file: pageFile(period, before.from), period, from: before.from },
    ...{ next: undefined, related: [] },
    ...changes,
  };
}

export const attention = [
  ["recordings-lost", "Two recordings were lost: read why."] as const,
  ["did-not-run", "collect-analytics did not run last night: start it."] as const,
].map(([chapter, act]) => ({ chapter, act, command: `npx nightshift explain ${chapter} --stack acme` }));

/** The eight alarms with the longest texts. */
export const longAttention = alarmTexts
  .map(({ chapter, meaning = "", first }) => ({
    chapter,
    act: `${meaning} ${first.slice(0, 1).toUpperCase()}${first.slice(1)}`.replaceAll("<name>", "acme"),
    command: `npx nightshift explain ${chapter} --stack acme`,
  }))
  .toSorted((a, b) => b.act.length - a.act.length)
  .slice(0, 8);

const nothing: Partial<Report> = {
  ...{ days: new Map(), analytics: {}, analyticsDays: 0, before: undefined, sameWeekdays: [] },
  ...{ previous: undefined, next: undefined, related: [] },
};

/** A page of each kind that its readers may meet. */
export const pageKinds: Readonly<Record<string, () => Promise<string>>> = {
  day: () => renderReport(dayReport(company400), archiveView(), style),
  "day in which something needs attention": () =>
    renderReport(dayReport(company400), archiveView(400, { attention }), style),
  "day in which eight things need attention": () =>
    renderReport(dayReport(company400), archiveView(400, { attention: longAttention }), style),
  "week of a company of 5,000 in which eight things need attention": () =>
    renderReport(longReport("week", "2026-11-12", company5000), archiveView(400, { attention: longAttention }), style),
  "month in which eight things need attention": () =>
    renderReport(longReport("month", "2026-10-12"), archiveView(400, { attention: longAttention }), style),
  week: () => renderReport(longReport("week", "2026-11-12"), archiveView(), style),
  month: () => renderReport(longReport("month", "2026-10-12"), archiveView(), { ...style, locale: "de-DE" }),
  "German week of 185,000 calls a day": () =>
    renderReport(longReport("week", "2026-11-12", { ...company5000, calls: 185_000 }), archiveView(), {
      ...style,
      locale: "de-DE",
    }),
  "first day": () =>
    renderReport(dayReport(company400, "2026-11-19", { before: undefined, sameWeekdays: [] }), archiveView(1), style),
  "day without figures": () => renderReport(dayReport(company3, "2026-11-19", nothing), archiveView(0), style),
  "day without analytics": () =>
    renderReport(dayReport(company400, "2026-11-19", { analytics: {}, analyticsDays: 0 }), archiveView(), style),
  "day of a company of 3": () => renderReport(dayReport(company3), archiveView(), style),
  "day of a company of 5,000": () =>
    renderReport(dayReport(company5000), archiveView(), { ...style, people: "extensions" }),
  "day with hostile names": () => renderReport(hostileReport(), archiveView(), style),
  "day in Arabic numbers": () => renderReport(dayReport(company400), archiveView(), { ...style, locale: "ar-EG" }),
  "day in Hindi dates": () => renderReport(dayReport(company400), archiveView(), { ...style, locale: "hi-IN" }),
  index: () => renderIndex(reportIndex(120), archiveView(400, { attention }), style),
  "index of a company of 5,000": () =>
    renderIndex(reportIndex(1_100, company5000.calls), archiveView(400, { attention: longAttention }), {
      ...style,
      locale: "de-DE",
    }),
  "index after a month of 31 days in which eight things need attention": () =>
    renderIndex(reportIndex(1_100, company5000.calls, "2026-11-01"), archiveView(400, { attention: longAttention }), {
      ...style,
      locale: "hi-IN",
    }),
  "empty index": () => renderIndex(reportIndex(0), archiveView(0), style),
};
