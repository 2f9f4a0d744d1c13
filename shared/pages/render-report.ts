import { html } from "hono/html";
import { analyticsNote, hasNoAnalytics } from "./analytics-notes.ts";
import { documentHtml } from "./document.ts";
import { noteHtml, sectionHtml } from "./figure.ts";
import type { Html } from "./html.ts";
import { createPageContext, type PageContext } from "./page-context.ts";
import type { ArchiveView, PageStyle, Report } from "./report.ts";
import { calendarFigure } from "./sections/calendar.ts";
import { callTimesFigure } from "./sections/call-times.ts";
import { headline } from "./sections/headline.ts";
import { keyFiguresSection } from "./sections/key-figures.ts";
import { outcomesFigure } from "./sections/outcomes.ts";
import { overTimeSection } from "./sections/over-time.ts";
import { pageLinks } from "./sections/page-links.ts";
import { peopleSection } from "./sections/people.ts";
import { queuesSection } from "./sections/queues.ts";
import { recordingsPart } from "./sections/recordings.ts";
import { attentionSection, statusLine } from "./sections/status-line.ts";

/** Days of the archive that a report's page shows. */
const calendarDays = 90;

/** Returns the page of a day, week or month: HTML that needs nothing else. */
export function renderReport(report: Report, archive: ArchiveView, style: PageStyle): Promise<string> {
  const context = createPageContext(report, archive, style);
  const header = html`${statusLine(archive, context.formats)}
${pageLinks(report, context.formats)}`;
  const main = html`${headline(context)}${attentionSection(archive)}${keyFiguresSection(context)}${overTimeSection(context)}
${endingsSection(context)}${queuesSection(context)}${peopleSection(context)}${archiveSection(context)}`;
  return documentHtml(titleOf(context), header, main);
}

function titleOf({ report, formats }: PageContext): string {
  if (report.period === "month") return `Calls of ${formats.month(report.from)}`;
  return report.period === "week"
    ? `Calls of the week of ${formats.fullDay(report.from)}`
    : `Calls of ${formats.fullDay(report.from)}`;
}

/** How calls ended and how long they took, with what the analytics lack. */
function endingsSection(context: PageContext): Html | undefined {
  const parts = [outcomesFigure(context), callTimesFigure(context)].filter((part) => part !== undefined);
  const note = context.total || !hasNoAnalytics(context) ? analyticsNote(context) : undefined;
  if (parts.length === 0 && note === undefined) return undefined;
  return sectionHtml(
    "How calls went",
    note === undefined ? undefined : noteHtml(note),
    html`<div class="pair">${parts}</div>`,
  );
}

function archiveSection(context: PageContext): Html {
  const { archive, formats, report } = context;
  const marked = report.period === "day" ? report.from : undefined;
  return sectionHtml(
    "The archive",
    html`<div class="pair">${recordingsPart(context)}${calendarFigure(archive, calendarDays, formats, marked)}</div>`,
  );
}
