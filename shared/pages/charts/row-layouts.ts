import type { ChartWidth } from "./draw-chart.ts";

/** Where a chart of rows draws what, in pixels. */
export interface RowLayout {
  readonly width: number;
  /** Letters of a name before the bars. */
  readonly nameLetters: number;
  /** Where each measure's bars begin, and the length of the longest; 0: only its text is drawn. */
  readonly measures: readonly { readonly start: number; readonly length: number }[];
}

/** Layouts by the number of measures. */
export const rowLayouts: Readonly<Record<1 | 3, Readonly<Record<ChartWidth, RowLayout>>>> = {
  1: {
    narrow: { width: 340, nameLetters: 17, measures: [{ start: 130, length: 122 }] },
    wide: { width: 520, nameLetters: 27, measures: [{ start: 200, length: 240 }] },
  },
  3: {
    narrow: {
      ...{ width: 340, nameLetters: 14 },
      measures: [
        { start: 108, length: 50 },
        { start: 214, length: 0 },
        { start: 291, length: 0 },
      ],
    },
    wide: {
      ...{ width: 960, nameLetters: 32 },
      measures: [
        { start: 220, length: 290 },
        { start: 575, length: 120 },
        { start: 785, length: 120 },
      ],
    },
  },
};
