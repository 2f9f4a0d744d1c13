import { html } from "hono/html";
import type { RecordingFigures } from "../../core/figures/day-figures.ts";
import { comparedWith } from "../comparison.ts";
import type { Html } from "../html.ts";
import type { PageContext } from "../page-context.ts";
import { tableHtml } from "../table.ts";

type RecordingState = Exclude<keyof RecordingFigures, "bytes" | "seconds">;

const stateNames: readonly (readonly [RecordingState, string])[] = [
  ["stored", "Stored"],
  ["pending", "Pending"],
  ["lost", "Lost"],
  ["notFound", "Not found"],
  ["refused", "Refused"],
  ["alreadyDeleted", "Already deleted"],
];

/** The period's recordings by state. The table is the figure: six numbers need no chart. */
export function recordingsPart(context: PageContext): Html | undefined {
  const { total, before, formats } = context;
  if (!total) return undefined;
  const { stored, lost, bytes, seconds } = total.recordings;
  const all = stateNames.reduce((sum, [state]) => sum + total.recordings[state], 0);
  const title =
    all === 0 ? "No call was recorded" : `${formats.count(stored)} recordings stored, ${formats.count(lost)} lost`;
  const other = comparedWith(context);
  return html`<div class="figure"><h3>${title}</h3>
<p>${formats.bytes(bytes)}, of calls of ${formats.hours(seconds)} in all.${other && html` Before is ${other}.`}</p>
${tableHtml({
  caption: "Recordings by state",
  head: ["State", "Recordings", ...(before ? ["Before"] : [])],
  rows: stateNames.map(([state, name]) => [
    name,
    formats.count(total.recordings[state]),
    ...(before ? [formats.count(before.recordings[state])] : []),
  ]),
})}</div>`;
}
