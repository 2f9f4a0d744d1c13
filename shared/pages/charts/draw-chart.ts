import { html, raw } from "hono/html";
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Html } from "../html.ts";

/** What one drawing binds to a spec: its data sets and parameters by name. */
export interface ChartData {
  readonly data: Readonly<Record<string, readonly object[]>>;
  readonly params?: Readonly<Record<string, number>>;
}

/** The view of a spec, and its last drawing: one follows the other. */
interface Drawer {
  readonly view: View;
  last: Promise<unknown>;
}

const drawers = new Map<string, Drawer>();

/** Compiles a spec, and creates its view, when it is first drawn: both take longer than a drawing. */
function drawerOf(key: string, createSpec: () => TopLevelSpec): Drawer {
  const drawer = drawers.get(key) ?? {
    view: new View(parse(compile(createSpec()).spec), { renderer: "none" }),
    last: Promise.resolve(),
  };
  drawers.set(key, drawer);
  return drawer;
}

/** Returns a chart as SVG, without scripts and style attributes. `alternative` is the sentence that stands for it. */
export async function drawChart(
  key: string,
  createSpec: () => TopLevelSpec,
  bound: ChartData,
  alternative: string,
): Promise<Html> {
  const drawer = drawerOf(key, createSpec);
  const drawing = drawer.last.then(() => draw(drawer.view, bound));
  drawer.last = drawing.catch(() => undefined);
  return html`<svg role="img" aria-label="${alternative}" ${raw(slimmed(await drawing).slice("<svg ".length))}`;
}

/** Binds every data set and parameter of the view again. */
function draw(view: View, { data, params = {} }: ChartData): Promise<string> {
  for (const [name, rows] of Object.entries(data)) view.data(name, [...rows]);
  for (const [name, value] of Object.entries(params)) view.signal(name, value);
  return view.toSVG();
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
