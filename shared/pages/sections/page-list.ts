import { html } from "hono/html";
import { addDays, type Day } from "../../core/time/days.ts";
import { noteHtml } from "../figure.ts";
import type { Formats } from "../formats.ts";
import { dateHtml, type Html } from "../html.ts";
import { outcomesTotal } from "../measures.ts";
import type { PageLink, ReportIndex } from "../report.ts";
import { tableHtml } from "../table.ts";
import { linkHtml } from "./page-links.ts";

/** Days whose pages the index lists, with the others of their months. All older pages are linked from those of their months. */
const listedDays = 400;

/** The pages of the last months, by month, the newest first; the newest month is open. Older months are links. */
export function pageList(index: ReportIndex, formats: Formats): Html {
  const links = [...index.days, ...index.weeks, ...index.months];
  const months = [...new Set(links.map(({ from }) => monthOf(from)))].toSorted().toReversed();
  const oldest = oldestListed(links.map(({ from }) => from));
  const listed = months.filter((month) => month >= oldest);
  const older = index.months.filter(({ from }) => monthOf(from) < oldest);
  return html`${listed.map((month, place) => monthHtml(month, index, formats, place === 0))}${older.length > 0 && olderMonths(older, formats)}`;
}

function monthOf(day: Day): string {
  return day.slice(0, 7);
}

/** Returns the month in which the listed days begin. */
function oldestListed(days: readonly Day[]): string {
  const newest = days.toSorted().at(-1);
  return newest === undefined ? "" : monthOf(addDays(newest, 1 - listedDays));
}

function olderMonths(months: readonly PageLink[], formats: Formats): Html {
  return html`<div class="older"><h3>Older months</h3>
${noteHtml("Older days are on the pages of their months.")}
<ul class="links">${months.map((link) => html`<li>${linkHtml(link, formats)}</li>`)}</ul></div>
`;
}

function monthHtml(month: string, { days, weeks, months }: ReportIndex, formats: Formats, isOpen: boolean): Html {
  const isOfMonth = ({ from }: PageLink) => monthOf(from) === month;
  const longer = [...months.filter(isOfMonth), ...weeks.filter(isOfMonth)];
  const listed = days.filter(isOfMonth);
  const name = formats.month(`${month}-01`);
  return html`<details class="month"${isOpen && html` open`}><summary>${dateHtml(`${month}-01`, formats.month, formats)}</summary>
${longer.length > 0 && html`<ul class="links">${longer.map((link) => html`<li>${linkHtml(link, formats)}</li>`)}</ul>`}
${listed.length > 0 && daysTable(name, listed, formats)}</details>
`;
}

function daysTable(month: string, days: ReportIndex["days"], formats: Formats): Html {
  const { count, share } = formats;
  return tableHtml({
    caption: `Days of ${month}`,
    head: ["Day", "In", "Answered", "Out", "Stored", "Lost"],
    rows: days.map(({ digest: { calls, recordings }, ...link }) => [
      linkHtml(link, formats),
      count(calls.inbound),
      share(calls.outcomes.answered, outcomesTotal(calls)),
      count(calls.outbound),
      count(recordings.stored),
      count(recordings.lost),
    ]),
  });
}
