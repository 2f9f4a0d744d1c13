import { html } from "hono/html";
import { drawColumns } from "../charts/column-chart.ts";
import { clockChange } from "../clock-change.ts";
import { weekdayName } from "../comparison.ts";
import { figureHtml, noteHtml, sectionHtml } from "../figure.ts";
import type { Formats } from "../formats.ts";
import type { Html } from "../html.ts";
import { unusual } from "../measures.ts";
import type { PageContext } from "../page-context.ts";
import type { Table } from "../table.ts";
import { type Direction, type TimePoint, timePoints } from "../time-points.ts";

const directions = ["inbound", "outbound"] as const;
const directionNames = { inbound: "Inbound", outbound: "Outbound" };

/** The calls of a day by hour, of a week or month by day: inbound and outbound on the same scale. */
export function overTimeSection(context: PageContext): Html | undefined {
  const { report, style, formats, total } = context;
  if (!total) return undefined;
  const points = timePoints(context);
  const max = Math.max(...points.flatMap((point) => directions.flatMap((direction) => valuesOf(point, direction))));
  const change = report.period === "day" ? clockChange(report.from, style.timeZone, formats) : undefined;
  return sectionHtml(
    report.period === "day" ? "The day by hour" : `The ${report.period} by day`,
    change === undefined ? undefined : noteHtml(change),
    html`<div class="pair">${directions.map((direction) => directionFigure(context, points, direction, max))}</div>`,
  );
}

function valuesOf({ values, range }: TimePoint, direction: Direction): number[] {
  return [values?.[direction] ?? 0, range(direction)?.high ?? 0];
}

function directionFigure(context: PageContext, points: readonly TimePoint[], direction: Direction, max: number): Html {
  const { formats } = context;
  const peak = points.reduce((best, point) => (callsAt(point) > callsAt(best) ? point : best));
  function callsAt({ values }: TimePoint): number {
    return values?.[direction] ?? 0;
  }
  const columns = points.map((point) => ({
    ...point.range(direction),
    ...{ value: point.values?.[direction], label: point.label },
    note: point === peak && callsAt(point) > 0 ? formats.count(callsAt(point)) : undefined,
  }));
  const name = directionNames[direction];
  const isAlone = points.filter((point) => callsAt(point) === callsAt(peak)).length === 1;
  const title = peakTitle(context, peak, direction, isAlone);
  const compared = comparisonText(context, points, direction);
  const caption = `${name} calls by ${context.report.period === "day" ? "hour" : "day"}`;
  const alternative = `Columns of ${caption.toLowerCase()}; the most ${formats.calls(callsAt(peak))}.`;
  return figureHtml({
    title,
    subtitle: `${caption}.${compared}`,
    draw: (width) => drawColumns({ columns, max, compact: formats.compact, alternative }, width),
    table: directionTable(caption, points, direction, formats, rangeHeads(context)),
  });
}

/** Names the hour or day with the most calls, unless several had as many. */
function peakTitle(
  { report, formats }: PageContext,
  { name, values, range }: TimePoint,
  direction: Direction,
  isAlone: boolean,
): Html {
  const [value, usual] = [values?.[direction] ?? 0, range(direction)];
  if (value === 0) return html`No ${direction} calls`;
  const isDay = report.period === "day";
  const peaked = `${directionNames[direction]} peaked`;
  if (!isAlone) return html`${peaked} at ${formats.calls(value)} ${isDay ? "an hour" : "a day"}`;
  const judged = isDay && usual && unusual(value, usual);
  return html`${peaked} ${isDay ? "at" : "on"} ${name}: ${formats.calls(value)}${judged ? `, ${judged} than usual` : ""}`;
}

function comparisonText({ report, formats }: PageContext, points: readonly TimePoint[], direction: Direction): string {
  if (points.every(({ range }) => range(direction) === undefined)) return "";
  if (report.period === "week") return " The grey lines are the week before.";
  const count = report.sameWeekdays.length;
  return ` Grey is usual: the middle half of ${formats.count(count)} ${weekdayName(report.from)}s of the eight weeks before.`;
}

function rangeHeads({ report }: PageContext): readonly string[] {
  return report.period === "day" ? ["Usual from", "Usual to"] : ["Week before"];
}

function directionTable(
  caption: string,
  points: readonly TimePoint[],
  direction: Direction,
  { count }: Formats,
  heads: readonly string[],
): Table {
  const hasRanges = points.some(({ range }) => range(direction) !== undefined);
  const ends = (point: TimePoint) => {
    const range = point.range(direction);
    return range ? [range.low, range.high].slice(0, heads.length).map(count) : heads.map(() => "–");
  };
  return {
    caption,
    head: [caption.endsWith("hour") ? "Hour" : "Day", directionNames[direction], ...(hasRanges ? heads : [])],
    rows: points.map((point) => [
      point.name,
      point.values ? count(point.values[direction]) : "no figures",
      ...(hasRanges ? ends(point) : []),
    ]),
  };
}
