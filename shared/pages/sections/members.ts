import { html } from "hono/html";
import type { MemberFigures } from "../../core/figures/day-figures.ts";
import { drawRows } from "../charts/row-chart.ts";
import { figureHtml, noteHtml } from "../figure.ts";
import type { Formats } from "../formats.ts";
import { type Html, nameHtml } from "../html.ts";
import { type LabelOf, labelText } from "../member-labels.ts";
import type { PageContext } from "../page-context.ts";

/** Rows of each list of teams or people. */
export const maxListed = 10;

/** People with calls that a group must have to be broken down, so that no figure is that of one known person. */
export const minGroupSize = 5;

/** Inbound calls without which it is not said that somebody was hard to reach. */
export const minCallsToJudge = { day: 10, week: 30, month: 100 } as const;

/** What one list is of: "teams" or "people", and how each is called. */
export interface Members {
  readonly noun: "teams" | "people";
  readonly head: "Team" | "Person";
  readonly members: readonly MemberFigures[];
  readonly labelOf: LabelOf;
}

/** Those with the most calls. */
export function busiestFigure({ members, noun, head, labelOf }: Members, { formats }: PageContext): Html | undefined {
  const active = members.filter(({ calls }) => calls > 0);
  const listed = active.toSorted((a, b) => b.calls - a.calls).slice(0, maxListed);
  const [first] = listed;
  if (!first) return undefined;
  const rows = listed.map((member) => ({
    ...labelOf(member),
    bars: [{ value: member.calls, text: formats.count(member.calls) }],
  }));
  const alternative = `Bars of the busiest ${noun}: the first had ${formats.calls(first.calls)}.`;
  const others = active.filter(({ calls }) => calls === first.calls).length - 1;
  const who = html`${nameHtml(labelText(labelOf(first)))}${others > 0 && ` and ${formats.count(others)} more`}`;
  return figureHtml({
    title: html`${who} had the most, ${formats.calls(first.calls)}${others > 0 && " each"}`,
    subtitle: `Busiest ${noun} by calls, in and out. ${listedText(listed, active, noun, formats)}`,
    draw: (width) => drawRows({ measures: [{ max: first.calls }], rows, alternative }, width),
    table: {
      caption: `Busiest ${noun}`,
      head: [head, "Calls", "Talk"],
      rows: listed.map((member) => [
        nameHtml(labelText(labelOf(member))),
        formats.count(member.calls),
        formats.hours(member.talkSeconds),
      ]),
    },
  });
}

/** Those who answered a smaller share of their inbound calls than the average, if they had enough of them. */
export function leastReachableFigure(members: Members, { report, formats }: PageContext): Html {
  const { noun, head, labelOf } = members;
  const least = minCallsToJudge[report.period];
  const judged = members.members.filter((member) => offeredTo(member) >= least);
  const average = sumOf(judged, ({ answered }) => answered) / sumOf(judged, offeredTo);
  const listed = judged
    .filter((member) => member.answered / offeredTo(member) < average)
    .toSorted((a, b) => a.answered / offeredTo(a) - b.answered / offeredTo(b) || offeredTo(b) - offeredTo(a))
    .slice(0, maxListed);
  const [first] = listed;
  const isFew = noun === "people" && judged.length < minGroupSize;
  const averageText = formats.share(average, 1);
  if (isFew || !first) return noteHtml(nobodyText(judged, noun, formats.count(least), averageText));
  const shareOf = (member: MemberFigures) => formats.share(member.answered, offeredTo(member));
  const rows = listed.map((member) => ({
    ...labelOf(member),
    bars: [{ value: member.answered / offeredTo(member), text: shareOf(member) }],
  }));
  const alternative = `Bars of the least reachable ${noun}: the first answered ${shareOf(first)} of the calls.`;
  return figureHtml({
    title: html`${nameHtml(labelText(labelOf(first)))} answered ${shareOf(first)} of ${formats.calls(offeredTo(first))}`,
    subtitle: `Least reachable ${noun}: share of inbound calls answered, of those with at least ${formats.count(least)} that answered less than the average of all these ${noun}, ${averageText}.`,
    draw: (width) => drawRows({ measures: [{ max: "share" }], rows, alternative }, width),
    table: {
      caption: `Least reachable ${noun}`,
      head: [head, "Inbound", "Answered", "Share"],
      rows: listed.map((member) => [
        nameHtml(labelText(labelOf(member))),
        formats.count(offeredTo(member)),
        formats.count(member.answered),
        shareOf(member),
      ]),
    },
  });
}

function offeredTo({ answered, notAnswered }: MemberFigures): number {
  return answered + notAnswered;
}

function sumOf(members: readonly MemberFigures[], figureOf: (member: MemberFigures) => number): number {
  return members.reduce((sum, member) => sum + figureOf(member), 0);
}

function nobodyText(judged: readonly MemberFigures[], noun: string, least: string, average: string): string {
  const nobody = "so the page does not say who was hard to reach.";
  if (judged.length === 0) return `No ${noun} had ${least} inbound calls, ${nobody}`;
  if (noun === "people" && judged.length < minGroupSize)
    return `Fewer than ${minGroupSize} ${noun} had ${least} inbound calls, ${nobody}`;
  if (judged.some(({ notAnswered }) => notAnswered > 0))
    return `None of the ${noun} with at least ${least} inbound calls answered less than the average, ${average}.`;
  return `All ${noun} with at least ${least} inbound calls answered every one of them.`;
}

function listedText(listed: readonly unknown[], all: readonly unknown[], noun: string, { count }: Formats): string {
  return listed.length < all.length ? `${count(listed.length)} of ${count(all.length)} ${noun} with calls.` : "";
}
