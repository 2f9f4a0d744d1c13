import type { TopLevelSpec } from "vega-lite";
import type { Html } from "../html.ts";
import { type ChartWidth, drawChart } from "./draw-chart.ts";
import { type RowLayout, rowLayouts } from "./row-layouts.ts";
import { type RowName, shortened } from "./shortened.ts";

/** One bar of a row. */
export interface RowBar {
  /** Undefined: there is no figure, and no bar. */
  readonly value: number | undefined;
  /** Beside the bar. */
  readonly text: string;
  /** What it is compared with, drawn as a line. */
  readonly before?: number | undefined;
}

/** What one column of bars measures. A share's bars lie on tracks that end at 1; else the longest bar is `max`. */
export interface Measure {
  readonly head?: string;
  readonly max: number | "share";
}

export interface RowChart {
  readonly measures: readonly [Measure] | readonly [Measure, Measure, Measure];
  /** One bar for each measure. */
  readonly rows: readonly (RowName & { readonly bars: readonly RowBar[] })[];
  readonly alternative: string;
}

/** Draws one row for each name, with one column of bars or with three. */
export function drawRows({ measures, rows, alternative }: RowChart, width: ChartWidth): Promise<Html> {
  const layout = rowLayouts[measures.length][width];
  const hasHeads = measures.some(({ head }) => head !== undefined);
  const ofMeasures = measures.map(({ max }, index) => {
    const cells = rows.map(({ bars }, row) => cellOf(row, bars[index], max === "share"));
    return {
      [`cells${index}`]: cells,
      [`lines${index}`]: cells.filter(({ before }) => before !== undefined),
      ...(layout.measures[index]?.length === 0 ? {} : { [`tracks${index}`]: tracksOf(max, rows.length) }),
    };
  });
  const data = {
    names: rows.map((named, row) => ({ row, name: shortened(named, layout.nameLetters) })),
    heads: measures.map(({ head = "" }, index) => ({ head, x: layout.measures[index]?.start ?? 0 })),
    ...Object.assign({}, ...ofMeasures),
  };
  const params = Object.fromEntries(
    measures.map(({ max }, index) => [`max${index}`, max === "share" ? 1 : Math.max(max, 1e-9)]),
  );
  const key = `rows ${measures.length} ${width} ${hasHeads}`;
  return drawChart(key, () => rowSpec(layout, hasHeads), { data, params }, alternative);
}

function tracksOf(max: Measure["max"], rows: number) {
  return max === "share" ? Array.from({ length: rows }, (_, row) => ({ row, end: 1 })) : [];
}

/** The text stands behind the track, or behind the bar and the line. */
function cellOf(row: number, bar: RowBar | undefined, isShare: boolean) {
  const { value = 0, text = "–", before } = bar ?? {};
  return { row, value, text, before, end: isShare ? 1 : Math.max(value, before ?? 0) };
}

function rowSpec({ measures, width }: RowLayout, hasHeads: boolean): TopLevelSpec {
  const y = { field: "row", type: "ordinal" as const, axis: null, scale: { paddingInner: 0.34, paddingOuter: 0.17 } };
  return {
    ...{ width, height: { step: 22 }, autosize: "none", background: "transparent" },
    padding: { left: 0, right: 0, top: hasHeads ? 20 : 0, bottom: 2 },
    config: { aria: false, view: { stroke: null } },
    params: measures.map((_, index) => ({ name: `max${index}`, value: 1 })),
    resolve: { scale: { x: "independent" } },
    layer: [
      {
        data: { name: "heads" },
        mark: { type: "text", align: "left", y: -9, fontSize: 11, color: "var(--muted)" },
        encoding: { x: { field: "x", type: "quantitative", scale: null, axis: null }, text: { field: "head" } },
      },
      {
        data: { name: "names" },
        mark: { type: "text", align: "left", x: 0, fontSize: 12, color: "var(--ink)" },
        encoding: { y, text: { field: "name" } },
      },
      ...measures.map((_, index) => measureLayer(index, measures[index] ?? { start: 0, length: 0 }, y)),
    ],
  };
}

function measureLayer(index: number, { start, length }: RowLayout["measures"][number], y: object) {
  const scale = { domainMin: 0, domainMax: { expr: `max${index}` }, range: [start, start + length], nice: false };
  const x = (field: string) => ({ field, type: "quantitative" as const, axis: null, scale });
  const cells = { name: `cells${index}` };
  const bar = (name: string, field: string, color: string) => ({
    data: { name },
    mark: { type: "bar" as const, color },
    encoding: { x: x(field), y },
  });
  const text = { type: "text" as const, align: "left" as const, dx: length > 0 ? 6 : 0, fontSize: 12 };
  const bars = [
    bar(`tracks${index}`, "end", "var(--track)"),
    bar(cells.name, "value", index === 0 ? "var(--accent)" : "var(--second)"),
  ];
  return {
    layer: [
      ...(length > 0 ? bars : []),
      { data: cells, mark: { ...text, color: "var(--ink)" }, encoding: { x: x("end"), y, text: { field: "text" } } },
      {
        data: { name: `lines${index}` },
        mark: { type: "tick" as const, thickness: 2, color: "var(--ink)", size: 18 },
        encoding: { x: x("before"), y },
      },
    ],
  };
}
