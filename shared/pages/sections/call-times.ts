import type { MemberFigures } from "../../core/figures/day-figures.ts";
import { hasNoAnalytics, notCollected } from "../analytics-notes.ts";
import { drawRows } from "../charts/row-chart.ts";
import { figureHtml, noteHtml } from "../figure.ts";
import type { Html } from "../html.ts";
import type { PageContext } from "../page-context.ts";

/** How long an average call rang, was talked and was on hold. */
export function callTimesFigure(context: PageContext): Html | undefined {
  const { report, formats } = context;
  if (hasNoAnalytics(context)) return undefined;
  if (!report.analytics.Company) return noteHtml(notCollected("Company"));
  const [company] = report.analytics.Company;
  if (!company || company.calls === 0) return undefined;
  const times = timesOf(company);
  const rows = times.map(({ name, seconds, calls }) => {
    const average = calls > 0 ? seconds / calls : undefined;
    return { name, bars: [{ value: average, text: average === undefined ? "–" : formats.seconds(average) }] };
  });
  const max = Math.max(...rows.flatMap(({ bars }) => bars.map(({ value = 0 }) => value)));
  const wait = rows[0]?.bars[0]?.text ?? "–";
  return figureHtml({
    title: wait === "–" ? "No call rang" : `Calls in and out rang ${wait} on average`,
    subtitle: "Ringing per call that rang; talk and hold per call in which somebody talked.",
    draw: (width) =>
      drawRows({ measures: [{ max }], rows, alternative: `Bars of average lengths. Calls rang ${wait}.` }, width),
    table: {
      caption: "Ringing, talk and hold",
      head: ["Time", "In all", "Calls", "Average"],
      rows: times.map(({ name, seconds, calls }, index) => [
        name,
        formats.hours(seconds),
        formats.count(calls),
        rows[index]?.bars[0]?.text ?? "–",
      ]),
    },
  });
}

/** Inbound and outbound calls alike: the analytics do not say how long each direction took. */
function timesOf({ ringing, ringingSeconds, talking, talkSeconds, holdSeconds }: MemberFigures) {
  return [
    { name: "Ringing", seconds: ringingSeconds, calls: ringing },
    { name: "Talk", seconds: talkSeconds, calls: talking },
    { name: "Hold", seconds: holdSeconds, calls: talking },
  ];
}
