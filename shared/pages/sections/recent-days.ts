import { html } from "hono/html";
import { addDays, type Day, daysBetween, laterDay } from "../../core/time/days.ts";
import { drawColumns } from "../charts/column-chart.ts";
import { figureHtml, sectionHtml } from "../figure.ts";
import type { Formats } from "../formats.ts";
import { dateHtml, type Html } from "../html.ts";
import type { ReportIndex } from "../report.ts";

/** Days of the index's charts. */
const recentDays = 90;

const directions = ["inbound", "outbound"] as const;

/** The calls of the last days that have pages, by day. */
export function recentDaysSection({ days }: ReportIndex, formats: Formats): Html | undefined {
  const byDay = new Map(days.map(({ from, digest }) => [from, digest.calls]));
  const sorted = [...byDay.keys()].toSorted();
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const shown = daysBetween(laterDay(first, addDays(last, 1 - recentDays)), addDays(last, 1));
  const callsOn = (day: Day, direction: (typeof directions)[number]) => byDay.get(day)?.[direction];
  const max = Math.max(...shown.flatMap((day) => directions.map((direction) => callsOn(day, direction) ?? 0)));
  const figures = directions.map((direction) =>
    daysFigure(direction === "inbound" ? "Inbound" : "Outbound", shown, (day) => callsOn(day, direction), max, formats),
  );
  return sectionHtml("Calls by day", html`<div class="pair">${figures}</div>`);
}

function daysFigure(
  name: string,
  days: readonly Day[],
  callsOn: (day: Day) => number | undefined,
  max: number,
  formats: Formats,
): Html {
  const known = days.flatMap((day) => callsOn(day) ?? []);
  const average = formats.calls(known.reduce((sum, value) => sum + value, 0) / known.length);
  const columns = days.map((day) => ({
    value: callsOn(day),
    label: day.endsWith("-01") ? formats.shortMonth(day) : undefined,
  }));
  const title = `${name}: ${average} a day`;
  const alternative = `Columns of ${name.toLowerCase()} calls by day. ${title} on average.`;
  return figureHtml({
    title,
    subtitle: `Average of ${formats.counted(known.length, "day")}. Days without figures have no column.`,
    draw: (width) => drawColumns({ columns, max, compact: formats.compact, alternative }, width),
    table: {
      caption: `${name} calls by day`,
      head: ["Day", name],
      rows: days.toReversed().map((day) => {
        const value = callsOn(day);
        return [dateHtml(day, formats.shortDay, formats), value === undefined ? "no figures" : formats.count(value)];
      }),
    },
  });
}
