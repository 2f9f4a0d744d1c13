import { html } from "hono/html";
import type { MemberFigures } from "../../core/figures/day-figures.ts";
import { hasNoAnalytics, notCollected } from "../analytics-notes.ts";
import type { ChartWidth } from "../charts/draw-chart.ts";
import { drawRows, type RowChart } from "../charts/row-chart.ts";
import { figureHtml, noteHtml, sectionHtml } from "../figure.ts";
import type { Formats } from "../formats.ts";
import { type Html, nameHtml } from "../html.ts";
import { type LabelOf, labelText, memberLabels } from "../member-labels.ts";
import type { PageContext } from "../page-context.ts";
import { minCallsToJudge } from "./members.ts";

/** Queues with their service level, wait and abandonment. */
export function queuesSection(context: PageContext): Html | undefined {
  const { Queues } = context.report.analytics;
  if (hasNoAnalytics(context)) return undefined;
  return sectionHtml("Queues", Queues ? queuesFigure(Queues, context) : noteHtml(notCollected("Queues")));
}

/** Queues by service level, the lowest first; queues without calls are only counted. */
function queuesFigure(all: readonly MemberFigures[], { report, formats }: PageContext): Html {
  const queues = all.filter(({ calls }) => calls > 0).toSorted(byServiceLevel);
  const [worst] = queues;
  if (!worst) return noteHtml("No queue had calls.");
  const labelOf = memberLabels(queues, "A queue without a name");
  const idle = all.length - queues.length;
  const waits = queues.map((queue) => waitOf(queue) ?? 0);
  const gaveUp = queues.map(({ abandoned, calls }) => abandoned / calls);
  // Where there is room, the calls behind the shares; on a phone the name needs it, and the table has them.
  const chartOf = (width: ChartWidth): RowChart => ({
    measures: [
      { head: "Service level", max: "share" },
      { head: "Wait", max: Math.max(...waits) },
      { head: "Gave up", max: Math.max(...gaveUp) },
    ],
    rows: queues.map((queue) => {
      const { name, ending = "" } = labelOf(queue);
      const calls = width === "wide" ? `, ${formats.calls(queue.calls)}` : "";
      return { name, ending: `${ending}${calls}`, bars: barsOf(queue, formats) };
    }),
    alternative: `Bars of ${formats.count(queues.length)} queues by service level, the lowest first: ${levelText(worst, formats)}.`,
  });
  const idleText = idle > 0 ? ` ${formats.count(idle)} more had no calls.` : "";
  return figureHtml({
    title: levelTitle(queues, labelOf, minCallsToJudge[report.period], formats),
    subtitle: `Share of calls within the service level, average wait, and share of callers who gave up.${idleText}`,
    draw: (width) => drawRows(chartOf(width), width),
    table: {
      caption: "Queues by service level",
      head: ["Queue", "Calls", "Within", "Outside", "Service level", "Average wait", "Gave up", "Share"],
      rows: queues.map((queue) => queueRow(queue, labelOf, formats)),
    },
  });
}

/** A queue without a service level, or with one of few calls, is shown, but not judged. */
function levelTitle(queues: readonly MemberFigures[], labelOf: LabelOf, least: number, formats: Formats): Html {
  const judged = queues.filter(({ inSla, outOfSla }) => inSla + outOfSla >= least);
  const [worst] = judged;
  if (!worst) return html`Queues by service level`;
  const [name, level] = [nameHtml(labelText(labelOf(worst))), levelText(worst, formats)];
  if (queues.length === 1) return html`${name}: ${level} within the service level`;
  const measured = `measured on at least ${formats.calls(least)}`;
  if (levelOf(worst) === 1)
    return judged.length === queues.length
      ? html`Every queue took all calls within its service level`
      : html`Every queue ${measured} took all of them within its service level`;
  const isLowest = queues[0] && levelOf(queues[0]) === levelOf(worst);
  return html`${name} had the lowest service level${!isLowest && ` of queues ${measured}`}, ${level}`;
}

function queueRow(queue: MemberFigures, labelOf: LabelOf, formats: Formats) {
  const [level, wait, gaveUp] = barsOf(queue, formats);
  const { calls, inSla, outOfSla, abandoned } = queue;
  const counts = [calls, inSla, outOfSla].map(formats.count);
  return [
    nameHtml(labelText(labelOf(queue))),
    ...counts,
    ...[level?.text ?? "", wait?.text ?? "", formats.count(abandoned), gaveUp?.text ?? ""],
  ];
}

function barsOf(queue: MemberFigures, formats: Formats) {
  const wait = waitOf(queue);
  return [
    { value: levelOf(queue), text: levelText(queue, formats) },
    { value: wait, text: wait === undefined ? "–" : formats.seconds(wait) },
    { value: queue.abandoned / queue.calls, text: formats.share(queue.abandoned, queue.calls) },
  ];
}

function levelOf({ inSla, outOfSla }: MemberFigures): number | undefined {
  return inSla + outOfSla > 0 ? inSla / (inSla + outOfSla) : undefined;
}

function levelText({ inSla, outOfSla }: MemberFigures, { share }: Formats): string {
  return share(inSla, inSla + outOfSla);
}

function waitOf({ ringing, ringingSeconds }: MemberFigures): number | undefined {
  return ringing > 0 ? ringingSeconds / ringing : undefined;
}

/** Queues without a service level come last; of equal ones the one with more calls first. */
function byServiceLevel(a: MemberFigures, b: MemberFigures): number {
  return (levelOf(a) ?? 2) - (levelOf(b) ?? 2) || b.calls - a.calls;
}
