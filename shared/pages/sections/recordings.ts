import { html } from "hono/html";
import type { RecordingFigures } from "../../core/figures/day-figures.ts";
import { comparedWith } from "../comparison.ts";
import { noteHtml } from "../figure.ts";
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

const withoutAudio =
  "Pending ones are fetched in the next nights. Of the others that are not stored there is no audio: RingCentral no longer had it (lost, already deleted, not found), or refused it.";

/** The period's recordings by state. The table is the figure: six numbers need no chart. */
export function recordingsPart(context: PageContext): Html | undefined {
  const { total, before, formats } = context;
  if (!total) return undefined;
  const { stored, pending, lost, bytes, seconds } = total.recordings;
  const all = stateNames.reduce((sum, [state]) => sum + total.recordings[state], 0);
  const pendingText = pending > 0 ? `, ${formats.count(pending)} pending` : "";
  const title =
    all === 0
      ? "No call was recorded"
      : `${formats.count(stored)} of ${formats.counted(all, "recording")} stored${pendingText}, ${formats.count(lost)} lost`;
  const other = comparedWith(context);
  return html`<div class="figure"><h3>${title}</h3>
<p>${formats.bytes(bytes)}. The recorded calls lasted ${formats.hours(seconds)} in all.${other && html` Before: ${other}`}</p>
${tableHtml({
  caption: "Recordings by state",
  head: ["State", "Recordings", ...(before ? ["Before"] : [])],
  rows: stateNames.map(([state, name]) => [
    name,
    formats.count(total.recordings[state]),
    ...(before ? [formats.count(before.recordings[state])] : []),
  ]),
})}${stored + pending < all && noteHtml(withoutAudio)}</div>`;
}
