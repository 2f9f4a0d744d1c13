import { html } from "hono/html";
import type { Html } from "./html.ts";

export type Cell = Html | string;

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell of a row is its head. */
  readonly rows: readonly (readonly Cell[])[];
}

/** Returns a table with a caption, whose first row and column are heads. */
export function tableHtml({ caption, head, rows }: Table): Html {
  return html`<div class="scroll" role="group" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption>
<thead><tr>${head.map((each) => html`<th scope="col">${each}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([name, ...cells]) => html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
  )}</tbody></table></div>`;
}
