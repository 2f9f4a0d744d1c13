import { html } from "hono/html";
import { partsOf } from "../../core/code-marks.ts";
import type { Formats } from "../formats.ts";
import type { Html } from "../html.ts";
import type { ArchiveView } from "../report.ts";

/** The first line of a page: how the archive stands, and when that was so. */
export function statusLine({ sentence, at }: ArchiveView, { locale, instant }: Formats): Html {
  return html`<p class="status"><strong>${sentence}</strong> <span>As of <time datetime="${at.toISOString()}"><bdi lang="${locale}">${instant(at)}</bdi></time></span></p>`;
}

/** What needs attention, each with the command that says how; nothing if nothing does. */
export function attentionSection({ attention }: ArchiveView): Html | undefined {
  if (attention.length === 0) return undefined;
  return html`<section class="attention"><h2>What needs attention</h2><ul>${attention.map(
    ({ act, command }) => html`<li>${partsOf(act).map(partHtml)} More: ${codeHtml(command)}</li>`,
  )}</ul></section>
`;
}

function partHtml({ text, isCode }: ReturnType<typeof partsOf>[number]): Html | string {
  return isCode ? codeHtml(text) : text;
}

/** Each word is an element of its own, so that an option of a command does not break at its hyphens. */
function codeHtml(text: string): Html {
  const words = text.split(" ").map((word, place) => html`${place === 0 ? "" : " "}<span>${word}</span>`);
  return html`<code>${words}</code>`;
}
