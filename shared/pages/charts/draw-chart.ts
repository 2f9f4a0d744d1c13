import { html, raw } from "hono/html";
import { parse, type Runtime, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Html } from "../html.ts";

/** What one drawing binds to a spec: its data sets and parameters by name. */
export interface ChartData {
  readonly data: Readonly<Record<string, readonly object[]>>;
  readonly params?: Readonly<Record<string, number>>;
}

const runtimes = new Map<string, Runtime>();

/** Compiles a spec when it is first drawn: that takes longer than the drawing. */
function runtimeOf(key: string, createSpec: () => TopLevelSpec): Runtime {
  const runtime = runtimes.get(key) ?? parse(compile(createSpec()).spec);
  runtimes.set(key, runtime);
  return runtime;
}

/** Returns a chart as SVG, without scripts and style attributes. `alternative` is the sentence that stands for it. */
export async function drawChart(
  key: string,
  createSpec: () => TopLevelSpec,
  { data, params = {} }: ChartData,
  alternative: string,
): Promise<Html> {
  const view = new View(runtimeOf(key, createSpec), { renderer: "none" });
  for (const [name, rows] of Object.entries(data)) view.data(name, [...rows]);
  for (const [name, value] of Object.entries(params)) view.signal(name, value);
  const svg = await view.toSVG();
  view.finalize();
  return html`<svg role="img" aria-label="${alternative}" ${raw(slimmed(svg).slice("<svg ".length))}`;
}

const unused = / (?:class|role|aria-[a-z]+|pointer-events|font-family|xmlns:xlink|xmlns|version|opacity)="[^"]*"/g;

/** Leaves out what a picture in a page does not need: it is one image to its readers. Text holds no `<`, so that only tags change. */
function slimmed(svg: string): string {
  return svg
    .replaceAll(/<[^>]+>/g, (tag) =>
      tag.replaceAll(unused, "").replaceAll(/\d+\.\d{3,}/g, (digits) => String(Number(Number(digits).toFixed(2)))),
    )
    .replaceAll(/<path(?: d="[^"]*")?(?: display="none")?\/>/g, "");
}

/** Widths that a chart is drawn in: `narrow` fits a phone and half a sheet, `wide` half a desktop's page. */
export type ChartWidth = "narrow" | "wide";

/** Returns a chart drawn in both widths. Style sheets show one of them, and the other is no part of the page then. */
export function inBothWidths(draw: (width: ChartWidth) => Promise<Html>): Html {
  return html`<div class="narrow">${draw("narrow")}</div><div class="wide">${draw("wide")}</div>`;
}
