import { html } from "hono/html";
import type { DayDigest } from "../../core/figures/day-figures.ts";
import { comparedWith } from "../comparison.ts";
import type { Formats } from "../formats.ts";
import type { Html } from "../html.ts";
import { outcomesTotal } from "../measures.ts";
import type { PageContext } from "../page-context.ts";

/** One headline figure: a count, or with `whole` a share. */
interface KeyFigure {
  readonly name: string;
  readonly part: (digest: DayDigest) => number;
  readonly whole?: (digest: DayDigest) => number;
}

const keyFigures: readonly KeyFigure[] = [
  { name: "Inbound calls", part: ({ calls }) => calls.inbound },
  {
    name: "Inbound answered",
    part: ({ calls }) => calls.outcomes.answered,
    whole: ({ calls }) => outcomesTotal(calls),
  },
  {
    name: "Callers who gave up",
    part: ({ calls }) => calls.outcomes.abandoned,
    whole: ({ calls }) => outcomesTotal(calls),
  },
  { name: "Outbound calls", part: ({ calls }) => calls.outbound },
  { name: "Outbound connected", part: ({ calls }) => calls.connected, whole: ({ calls }) => calls.outbound },
  { name: "Recordings stored", part: ({ recordings }) => recordings.stored },
];

/** The headline figures, each with its change. */
export function keyFiguresSection(context: PageContext): Html | undefined {
  const { total, before, formats } = context;
  if (!total) return undefined;
  const other = comparedWith(context);
  return html`<section aria-label="Key figures"><dl class="key-figures">${keyFigures.map(
    (figure) =>
      html`<div><dt>${figure.name}</dt><dd><b>${valueText(figure, total, formats)}</b>${
        before && html` <span>${changeText(figure, total, before, formats)}</span>`
      }</dd></div>`,
  )}</dl>
<p class="note">${other ? html`Compared with ${other}${lengthsText(context)}` : noComparison(context)}</p></section>
`;
}

function valueText({ part, whole }: KeyFigure, digest: DayDigest, { count, share }: Formats): string {
  return whole ? share(part(digest), whole(digest)) : count(part(digest));
}

function changeText({ part, whole }: KeyFigure, now: DayDigest, before: DayDigest, formats: Formats): string {
  if (!whole) {
    if (part(now) === part(before)) return "no change";
    return formats.change(part(now), part(before)) ?? "none then";
  }
  if (whole(now) === 0 || whole(before) === 0) return "";
  const points = formats.points(part(now) / whole(now), part(before) / whole(before));
  if (points === formats.points(0, 0)) return "no change";
  return `${points} ${points === formats.points(0.01, 0) || points === formats.points(0, 0.01) ? "point" : "points"}`;
}

/** Says that a month is longer than the one before, or shorter. */
function lengthsText({ report, isPart, daysOfPeriod, formats }: PageContext): string {
  const [now, before] = [daysOfPeriod.length, report.before?.size ?? 0];
  if (report.period !== "month" || isPart || now === before) return "";
  return `, which had ${formats.count(before)} days instead of ${formats.count(now)}`;
}

function noComparison({ report }: PageContext): string {
  const before = { day: "The same weekday a week before", week: "The week before", month: "The month before" };
  return `${before[report.period]} has no figures${report.period === "day" ? "" : " of the same days"}, so no change is shown.`;
}
