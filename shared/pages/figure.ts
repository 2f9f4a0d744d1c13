import { html } from "hono/html";
import { type ChartWidth, inBothWidths } from "./charts/draw-chart.ts";
import type { Html } from "./html.ts";
import { type Cell, type Table, tableHtml } from "./table.ts";

export interface Figure {
  /** What one sees, as a finding. */
  readonly title: Cell;
  /** What is drawn, and in which unit. */
  readonly subtitle: Cell;
  readonly draw: (width: ChartWidth) => Promise<Html>;
  readonly table: Table;
}

/** Returns a chart under its finding, with its table behind a disclosure. */
export function figureHtml({ title, subtitle, draw, table }: Figure): Html {
  return html`<figure><figcaption><h3>${title}</h3><p>${subtitle}</p></figcaption>
${inBothWidths(draw)}
<details><summary>${table.caption}, as a table</summary>${tableHtml(table)}</details></figure>`;
}

/** Returns a section under its heading. */
export function sectionHtml(heading: string, ...parts: readonly (Html | undefined)[]): Html {
  return html`<section class="${heading.toLowerCase().replaceAll(" ", "-")}"><h2>${heading}</h2>${parts}</section>
`;
}

/** Returns a sentence in the place of a chart, or beside one. */
export function noteHtml(text: string): Html {
  return html`<p class="note">${text}</p>`;
}
