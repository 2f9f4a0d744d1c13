import { html } from "hono/html";
import type { Day } from "../../core/time/days.ts";
import { type CalendarDays, calendarLayout, countStates, lastDays, stateSpans, weekRowOf } from "../calendar-days.ts";
import { drawCalendar, stateColors, stateShapes } from "../charts/calendar-chart.ts";
import { noteHtml } from "../figure.ts";
import type { Formats } from "../formats.ts";
import { dateHtml, type Html } from "../html.ts";
import { type ArchiveView, type DayState, dayStates } from "../report.ts";
import { tableHtml } from "../table.ts";

/** Weeks side by side in one chart; longer calendars continue in the next one. */
const weeksPerChart = 20;

/** The archive's last days as a calendar, with its key and its table. */
export function calendarFigure(archive: ArchiveView, count: number, formats: Formats, marked?: Day): Html {
  const days = lastDays(archive, count);
  if (days.length === 0) return html`<div class="figure"><h3>The archive has no days yet</h3></div>`;
  const counts = countStates(days);
  const complete = formats.count(counts.complete);
  const all = days.length < count ? formats.count(days.length) : `the last ${formats.count(count)}`;
  const title = `${complete} of ${all} days are complete${butFindings(archive, formats)}`;
  return html`<figure class="calendar"><figcaption><h3>${title}</h3>
<ul class="key">${dayStates.map((state) => keyItem(state, formats.count(counts[state])))}</ul></figcaption>
<div class="calendars">${chunksOf(days, formats.locale).map((chunk) =>
    drawCalendar({
      ...calendarLayout(chunk, formats, marked),
      ...(count < 100 ? { weeks: Math.ceil(count / 7) + 1, cellSize: 22 } : { weeks: weeksPerChart, cellSize: 15 }),
      alternative: `Calendar of ${formats.count(chunk.length)} days. ${title}.`,
    }),
  )}</div>
${verificationNote(archive, formats)}
<details><summary>The archive's days, as a table</summary>${spansTable(days, formats)}</details></figure>`;
}

/** A complete day may have been changed since: what is complete is not said without what a verification has found. */
function butFindings({ verification }: ArchiveView, { count }: Formats): string {
  const findings = verification?.findings ?? 0;
  return findings === 0 ? "" : `, but the last verification has ${findingsText(findings, count)}`;
}

function findingsText(findings: number, count: Formats["count"]): string {
  return findings === 1 ? "one finding" : `${count(findings)} findings`;
}

function verificationNote({ verification }: ArchiveView, { count, instant }: Formats): Html {
  if (!verification) return noteHtml("The archive has not been verified yet.");
  const { at, findings } = verification;
  const what = findings === 0 ? "nothing was wrong" : findingsText(findings, count);
  return noteHtml(at ? `Last verified ${instant(at)}: ${what}.` : `Last verification: ${what}.`);
}

function keyItem(state: DayState, count: string): Html {
  return html`<li><svg viewBox="-1 -1 2 2" aria-hidden="true"><path d="${stateShapes[state]}" fill="${stateColors[state]}"/></svg> ${count} ${state}</li>`;
}

/** Splits days where a chart is full, which is at a week's end. */
function chunksOf(days: CalendarDays, locale: string): CalendarDays[] {
  const [[first = ""] = []] = days;
  const offset = weekRowOf(first, locale);
  const size = 7 * weeksPerChart;
  return Array.from({ length: Math.ceil((days.length + offset) / size) }, (_, index) =>
    days.slice(Math.max(0, index * size - offset), (index + 1) * size - offset),
  );
}

function spansTable(days: CalendarDays, formats: Formats): Html {
  return tableHtml({
    caption: "The archive's days",
    head: ["From", "To", "State", "Days"],
    rows: stateSpans(days).map(({ from, last, state, count }) => [
      dateHtml(from, formats.fullDay, formats),
      dateHtml(last, formats.fullDay, formats),
      state,
      formats.count(count),
    ]),
  });
}
