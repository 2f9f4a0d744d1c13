import { html } from "hono/html";
import { documentHtml } from "./document.ts";
import { noteHtml, sectionHtml } from "./figure.ts";
import { createFormats } from "./formats.ts";
import type { ArchiveView, PageStyle, ReportIndex } from "./report.ts";
import { calendarFigure } from "./sections/calendar.ts";
import { pageList } from "./sections/page-list.ts";
import { recentDaysSection } from "./sections/recent-days.ts";
import { attentionSection, statusLine } from "./sections/status-line.ts";

/** Days of the archive that the index shows. */
const calendarDays = 400;

/** Returns the index of all pages: HTML that needs nothing else. */
export function renderIndex(index: ReportIndex, archive: ArchiveView, style: PageStyle): Promise<string> {
  const formats = createFormats(style);
  const isEmpty = index.days.length + index.weeks.length + index.months.length === 0;
  const main = html`<p class="kicker">Nightshift</p>
<h1>Calls, day by day</h1>
${attentionSection(archive)}${sectionHtml("The archive", calendarFigure(archive, calendarDays, formats))}${recentDaysSection(index, formats)}
${sectionHtml("All pages", isEmpty ? noteHtml("There are no pages yet. The first ones are built when a day has its tables.") : pageList(index, formats))}`;
  return documentHtml("Calls, day by day", statusLine(archive, formats), main);
}
