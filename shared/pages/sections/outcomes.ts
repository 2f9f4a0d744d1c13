import { html } from "hono/html";
import { type Outcome, outcomes } from "../../core/figures/outcome.ts";
import { drawRows } from "../charts/row-chart.ts";
import { comparedWith } from "../comparison.ts";
import { figureHtml } from "../figure.ts";
import type { Html } from "../html.ts";
import { outcomesTotal } from "../measures.ts";
import type { PageContext } from "../page-context.ts";

const outcomeNames: Readonly<Record<Outcome, string>> = {
  answered: "Answered",
  voicemail: "Voicemail",
  missed: "Missed",
  abandoned: "Caller gave up",
  other: "Other",
};

/** How inbound calls ended for their callers. */
export function outcomesFigure(context: PageContext): Html | undefined {
  const { total, before, formats } = context;
  const whole = total ? outcomesTotal(total.calls) : 0;
  if (!total || whole === 0) return undefined;
  const wholeBefore = before ? outcomesTotal(before.calls) : 0;
  const shareBefore = (outcome: Outcome) =>
    before && wholeBefore > 0 ? before.calls.outcomes[outcome] / wholeBefore : undefined;
  const rows = outcomes.map((outcome) => {
    const count = total.calls.outcomes[outcome];
    const text = formats.share(count, whole);
    return { name: outcomeNames[outcome], bars: [{ value: count / whole, text, before: shareBefore(outcome) }] };
  });
  const other = wholeBefore > 0 ? comparedWith(context) : undefined;
  const answered = formats.share(total.calls.outcomes.answered, whole);
  return figureHtml({
    title: `${answered} of ${formats.counted(whole, "inbound call")} ${whole === 1 ? "was" : "were"} answered`,
    subtitle: html`Share of inbound calls by how they ended for the caller.${other && html` The thin lines: ${other}`}`,
    draw: (width) =>
      drawRows(
        {
          measures: [{ max: "share" }],
          rows,
          alternative: `Bars of how inbound calls ended. ${answered} were answered.`,
        },
        width,
      ),
    table: {
      caption: "Inbound calls by outcome",
      head: ["Outcome", "Calls", "Share", ...(other ? ["Share before"] : [])],
      rows: outcomes.map((outcome) => [
        outcomeNames[outcome],
        formats.count(total.calls.outcomes[outcome]),
        formats.share(total.calls.outcomes[outcome], whole),
        ...(other && before ? [formats.share(before.calls.outcomes[outcome], wholeBefore)] : []),
      ]),
    },
  });
}
