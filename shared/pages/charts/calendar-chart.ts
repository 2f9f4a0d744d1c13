import type { TopLevelSpec } from "vega-lite";
import type { Html } from "../html.ts";
import type { DayState } from "../report.ts";
import { drawChart } from "./draw-chart.ts";
import { labelRoom, shiftInto, textWidth } from "./text-width.ts";

export interface CalendarCell {
  /** Column, from 0. */
  readonly week: number;
  /** Row, from 0. */
  readonly weekday: number;
  readonly state: DayState;
  /** The page's own day. */
  readonly isMarked: boolean;
}

export interface CalendarChart {
  readonly cells: readonly CalendarCell[];
  readonly months: readonly { readonly week: number; readonly label: string }[];
  readonly weekdays: readonly { readonly weekday: number; readonly label: string }[];
  /** Width and height of a cell. */
  readonly cellSize: 15 | 22;
  /** Columns, also where no cell is. */
  readonly weeks: number;
  readonly alternative: string;
}

/** Draws days as a calendar, a column for each week. A day's shape says its state as well as its colour does. */
export function drawCalendar({ cells, months, weekdays, weeks, cellSize, alternative }: CalendarChart): Promise<Html> {
  const data = {
    months: months.map(({ week, label }) => ({ week, label, dx: monthShift(label, week, weeks, cellSize) })),
    weekdays,
    cells: cells.map((cell) => ({ ...cell })),
    marks: cells.filter(({ isMarked }) => isMarked),
    weeks: Array.from({ length: weeks }, (_, week) => ({ week })),
  };
  const labels = weekdays.map(({ label }) => label);
  const left = Math.max(30, labelRoom(labels, labelSize, weekdayGap));
  return drawChart(`calendar ${cellSize} ${left}`, () => calendarSpec(cellSize, left), { data }, alternative);
}

const labelSize = 11;
const weekdayGap = 6;
const rightPadding = 4;

/** Where a month's label begins, seen from the middle of its week: before its first day, or earlier where the chart ends. */
function monthShift(label: string, week: number, weeks: number, cellSize: number): number {
  const middle = (week + 0.5) * cellSize;
  return -6 + shiftInto(middle - 6, textWidth(label, labelSize), weeks * cellSize + rightPadding);
}

const states: readonly DayState[] = ["complete", "open", "incomplete", "missing"];
const square = "M-1,-1h2v2h-2Z";
const hollow = "M-1,-1h2v2h-2ZM-.6,-.6v1.2h1.2v-1.2Z";
const cross = "M-1,-.65L-.65,-1L0,-.35L.65,-1L1,-.65L.35,0L1,.65L.65,1L0,.35L-.65,1L-1,.65L-.35,0Z";
const dot = "M-.3,-.3h.6v.6h-.6Z";

/** The shape of each state, as a path in a square of 2 around 0. */
export const stateShapes: Readonly<Record<DayState, string>> = {
  complete: square,
  open: hollow,
  incomplete: cross,
  missing: dot,
};

/** The colour of each state. */
export const stateColors: Readonly<Record<DayState, string>> = {
  complete: "var(--accent)",
  open: "var(--accent)",
  incomplete: "var(--ink)",
  missing: "var(--muted)",
};

function calendarSpec(cellSize: number, left: number): TopLevelSpec {
  const x = { field: "week", type: "ordinal" as const, axis: null };
  const y = { field: "weekday", type: "ordinal" as const, axis: null, scale: { domain: [0, 1, 2, 3, 4, 5, 6] } };
  const label = { type: "text" as const, fontSize: labelSize, color: "var(--muted)" };
  return {
    ...{ width: { step: cellSize }, height: { step: cellSize }, autosize: "none", background: "transparent" },
    padding: { left, right: rightPadding, top: 18, bottom: 2 },
    config: { aria: false, view: { stroke: null } },
    layer: [
      { data: { name: "weeks" }, mark: { type: "point", size: 0 }, encoding: { x } },
      {
        data: { name: "months" },
        mark: { ...label, align: "left", y: -8, dx: { expr: "datum.dx" } },
        encoding: { x, text: { field: "label" } },
      },
      {
        data: { name: "weekdays" },
        mark: { ...label, align: "right", x: -weekdayGap },
        encoding: { y, text: { field: "label" } },
      },
      ...dayLayers(cellSize, x, y),
    ],
  };
}

function dayLayers(cellSize: number, x: object, y: object) {
  const ofStates = <T>(values: Readonly<Record<DayState, T>>) => ({
    domain: [...states],
    range: states.map((state) => values[state]),
  });
  return [
    {
      data: { name: "cells" },
      mark: { type: "point" as const, filled: true, opacity: 1, size: (cellSize * 0.72) ** 2 },
      encoding: {
        ...{ x, y },
        shape: { field: "state", type: "nominal" as const, legend: null, scale: ofStates(stateShapes) },
        color: { field: "state", type: "nominal" as const, legend: null, scale: ofStates(stateColors) },
      },
    },
    {
      data: { name: "marks" },
      mark: {
        type: "point" as const,
        filled: false,
        shape: "square" as const,
        size: cellSize ** 2,
        strokeWidth: 1.5,
        color: "var(--ink)",
        opacity: 1,
      },
      encoding: { x, y },
    },
  ];
}
