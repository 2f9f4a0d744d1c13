import type { TopLevelSpec } from "vega-lite";
import type { Html } from "../html.ts";
import { type ChartWidth, drawChart } from "./draw-chart.ts";
import { niceTicks } from "./nice-ticks.ts";
import { labelRoom } from "./text-width.ts";

/** One column: its bar, and what it is compared with. */
export interface Column {
  /** Undefined: there is no figure. */
  readonly value: number | undefined;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** Below the column; columns without one belong to the label before. */
  readonly label?: string | undefined;
  /** Above the bar. */
  readonly note?: string | undefined;
}

export interface ColumnChart {
  readonly columns: readonly Column[];
  /** The largest value of all charts that share the scale. */
  readonly max: number;
  /** A value of the scale, in few letters. */
  readonly compact: (value: number) => string;
  readonly alternative: string;
}

/** Width and height of the whole chart but for its labels below and above; the scale's labels take their room from the width. */
const layouts = { narrow: { width: 336, height: 132 }, wide: { width: 512, height: 160 } };

const tickSize = 11;
const tickGap = 8;

/** Draws values over time as bars, before the range that is usual. */
export function drawColumns({ columns, max, compact, alternative }: ColumnChart, width: ChartWidth): Promise<Html> {
  const ticks = niceTicks(max).map((value) => ({ value, label: compact(value) }));
  const rows = columns.map((column, index) => ({ ...column, index }));
  const data = {
    ticks,
    labels: rows.map(({ index, label = "" }) => ({ index, label })),
    ranges: rows.filter(({ high = 0 }) => high > 0),
    bars: rows.filter(({ value }) => value !== undefined),
    notes: rows
      .filter(({ note }) => note !== undefined)
      .map(({ index, note, value = 0, high = 0 }) => ({ index, note, value: Math.max(value, high) })),
  };
  const params = { top: ticks.at(-1)?.value ?? 1 };
  const labels = ticks.map(({ label }) => label);
  const left = Math.max(40, labelRoom(labels, tickSize, tickGap));
  return drawChart(`columns ${width} ${left}`, () => columnSpec(layouts[width], left), { data, params }, alternative);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function columnSpec({ width, height }: Size, left: number): TopLevelSpec {
  const y = {
    type: "quantitative" as const,
    axis: null,
    scale: { domainMin: 0, domainMax: { expr: "top" }, nice: false },
  };
  const x = { field: "index", type: "ordinal" as const, axis: null, scale: { paddingInner: 0.24, paddingOuter: 0.1 } };
  const tickText = { type: "text" as const, align: "right" as const, fontSize: tickSize, color: "var(--muted)" };
  return {
    ...{ width: width - left, height, autosize: "none", background: "transparent" },
    padding: { left, right: 4, top: 18, bottom: 20 },
    config: { aria: false, view: { stroke: null } },
    params: [{ name: "top", value: 1 }],
    layer: [
      {
        data: { name: "ticks" },
        mark: { type: "rule", color: "var(--rule)" },
        encoding: { y: { ...y, field: "value" } },
      },
      {
        data: { name: "ticks" },
        mark: { ...tickText, x: -tickGap },
        encoding: { y: { ...y, field: "value" }, text: { field: "label" } },
      },
      {
        data: { name: "labels" },
        mark: { type: "text", align: "center", y: height + 14, fontSize: 11, color: "var(--muted)" },
        encoding: { x, text: { field: "label" } },
      },
      ...columnMarks(x, y),
    ],
  };
}

function columnMarks(x: object, y: object) {
  const edge = (field: string) => ({
    data: { name: "ranges" },
    mark: { type: "tick" as const, thickness: 1.5, color: "var(--edge)", width: { band: 1.316 } },
    encoding: { x, y: { ...y, field } },
  });
  return [
    {
      data: { name: "ranges" },
      mark: { type: "bar" as const, color: "var(--range)", width: { band: 1.316 } },
      encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
    },
    ...[edge("low"), edge("high")],
    {
      data: { name: "bars" },
      mark: { type: "bar" as const, color: "var(--accent)", width: { band: 0.8 } },
      encoding: { x, y: { ...y, field: "value" } },
    },
    {
      data: { name: "notes" },
      mark: { type: "text" as const, dy: -8, fontSize: 12, fontWeight: "bold" as const, color: "var(--ink)" },
      encoding: { x, y: { ...y, field: "value" }, text: { field: "note" } },
    },
  ];
}
