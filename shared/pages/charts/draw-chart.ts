import { html, raw } from "hono/html";
import { parse, type Runtime, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Html } from "../html.ts";

/** What one drawing binds to a spec: its data sets and parameters by name. */
export interface ChartData {
  readonly data: Readonly<Record<string, readonly object[]>>;
  readonly params?: Readonly<Record<string, number>>;
}

/** Drawings of one view. It keeps something of each row that was bound to it, some kB a drawing. */
const maxDrawings = 50;

/** A compiled spec, its view, and the view's last drawing: one follows the other. */
interface Drawer {
  readonly runtime: Runtime;
  view: View;
  drawings: number;
  last: Promise<unknown>;
}

const drawers = new Map<string, Drawer>();

/** Compiles a spec when it is first drawn, and creates its view seldom: both take longer than a drawing. */
function drawerOf(key: string, createSpec: () => TopLevelSpec): Drawer {
  const drawer = drawers.get(key) ?? createDrawer(parse(compile(createSpec()).spec));
  drawers.set(key, drawer);
  return drawer;
}

function createDrawer(runtime: Runtime): Drawer {
  return { runtime, view: createView(runtime), drawings: 0, last: Promise.resolve() };
}

function createView(runtime: Runtime): View {
  return new View(runtime, { renderer: "none" });
}

/** Returns a chart as SVG, without scripts and style attributes. `alternative` is the sentence that stands for it. */
export async function drawChart(
  key: string,
  createSpec: () => TopLevelSpec,
  bound: ChartData,
  alternative: string,
): Promise<Html> {
  const drawer = drawerOf(key, createSpec);
  const drawing = drawer.last.then(() => draw(freshView(drawer), bound));
  drawer.last = drawing.catch(() => undefined);
  return html`<svg role="img" aria-label="${alternative}" ${raw(slimmed(await drawing).slice("<svg ".length))}`;
}

/** Returns the view for the next drawing. */
function freshView(drawer: Drawer): View {
  drawer.drawings++;
  if (drawer.drawings % maxDrawings === 0) {
    drawer.view.finalize();
    drawer.view = createView(drawer.runtime);
  }
  return drawer.view;
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
