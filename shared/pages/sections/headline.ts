import { html } from "hono/html";
import type { DayDigest } from "../../core/figures/day-figures.ts";
import { weekdayName } from "../comparison.ts";
import { dateHtml, type Html } from "../html.ts";
import { middleHalf, outcomesTotal, unusual } from "../measures.ts";
import type { PageContext } from "../page-context.ts";

const reportNames = { day: "Daily report", week: "Weekly report", month: "Monthly report" };

/** The page's head: its period, its finding as the headline, and what it counts. */
export function headline(context: PageContext): Html {
  const { report, total } = context;
  return html`<p class="kicker">${reportNames[report.period]} · ${periodName(context)}</p>
<h1>${total ? finding(context, total) : "No figures yet"}</h1>
${total && html`<p class="lede">${lede(context, total)}</p>`}${soFar(context)}
`;
}

/** What of the period may still change. */
function soFar({ report, archive, daysOfPeriod, formats }: PageContext): Html | undefined {
  const { count } = formats;
  if (report.period !== "day") {
    if (report.days.size === daysOfPeriod.length) return undefined;
    const of = `${count(report.days.size)} of ${count(daysOfPeriod.length)} days`;
    const isOver = report.to <= archive.today;
    return html`<p class="note">${isOver ? `Only ${of} have figures.` : `So far: ${of}.`}</p>`;
  }
  if (archive.days.get(report.from) !== "open") return undefined;
  return html`<p class="note">The day is still open: the next nights may change its figures.</p>`;
}

function periodName({ report, formats }: PageContext): Html {
  if (report.period === "month") return dateHtml(report.from, formats.month, formats);
  const day = dateHtml(report.from, formats.fullDay, formats);
  return report.period === "week" ? html`week of ${day}` : day;
}

function finding(context: PageContext, total: DayDigest): Html {
  const { formats } = context;
  const all = total.calls.inbound + total.calls.outbound;
  const whole = outcomesTotal(total.calls);
  const calls = volumeFinding(context, all) ?? (all === 0 ? "No calls" : formats.calls(all));
  if (whole === 0) return html`${calls}`;
  return html`${calls}, ${formats.share(total.calls.outcomes.answered, whole)} of inbound answered`;
}

/** "A busy Thursday" clearly above the usual range of its weekday, "A quiet Thursday" clearly below it. */
function volumeFinding({ report }: PageContext, all: number): string | undefined {
  const totals = report.sameWeekdays.map(({ calls }) => calls.inbound + calls.outbound);
  const usual = middleHalf(totals);
  if (!usual || all === 0) return undefined;
  const weekday = weekdayName(report.from);
  return `${{ more: "A busy", fewer: "A quiet", usual: "A usual" }[unusual(all, usual) ?? "usual"]} ${weekday}`;
}

/** Without a usual range the headline has the number of calls. */
function lede(context: PageContext, { calls }: DayDigest): string {
  const { count } = context.formats;
  const all = calls.inbound + calls.outbound;
  const ways = `${count(calls.inbound)} came in, ${count(calls.outbound)} went out.`;
  return volumeFinding(context, all) ? `${context.formats.calls(all)}: ${ways}` : ways;
}
