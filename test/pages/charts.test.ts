import { expect, test } from "vitest";
import { drawCalendar } from "../../shared/pages/charts/calendar-chart.ts";
import { drawColumns } from "../../shared/pages/charts/column-chart.ts";
import { niceTicks } from "../../shared/pages/charts/nice-ticks.ts";
import { drawRows } from "../../shared/pages/charts/row-chart.ts";
import { shortened } from "../../shared/pages/charts/shortened.ts";
import { createFormats } from "../../shared/pages/formats.ts";
import { styleSheet } from "../../shared/pages/styles.ts";

const barsIn = (svg: string, color: string) =>
  [...svg.matchAll(/<path d="M[\d.]+,[\d.]+h([\d.]+)v([\d.]+)h-[\d.]+Z" fill="var\(--(\w+)\)"/g)]
    .filter(([, , , fill]) => fill === color)
    .map(([, width, height]) => ({ width: Number(width), height: Number(height) }));

test("a column is as high as its value", async () => {
  const columns = [100, 50, 25, undefined, 75].map((value) => ({ value }));
  const svg = String(await drawColumns({ columns, max: 100, compact: String, alternative: "" }, "narrow"));

  const [whole, ...others] = barsIn(svg, "accent").map(({ height }) => height);
  expect(others.map((height) => Math.round((100 * height) / (whole ?? 1)))).toEqual([50, 25, 75]);
});

test.each(["de-DE", "ar-EG", "hi-IN", "en-US"])(
  "in %s the labels of every scale up to millions have room",
  async (locale) => {
    const { compact } = createFormats({ locale, timeZone: "UTC", people: "none" });
    for (const max of [9, 9_000, 40_000, 148_000, 999_999, 2_500_000, 90_000_000]) {
      const chart = { columns: [{ value: max }], max, compact, alternative: "" };
      for (const width of ["narrow", "wide"] as const) {
        const svg = String(await drawColumns(chart, width));
        const room = Number(/translate\((\d+),18\)/.exec(svg)?.[1]) - 8;
        const ems = (label: string) =>
          [...label].reduce(
            (sum, letter) => sum + (/\p{Mn}/u.test(letter) ? 0 : /[\s.,٬٫]/.test(letter) ? 0.33 : 0.64),
            0,
          );

        for (const value of niceTicks(max))
          expect(room, compact(value)).toBeGreaterThanOrEqual(11 * ems(compact(value)));
        expect(/ width="(\d+)"/.exec(svg)?.[1]).toBe(width === "narrow" ? "340" : "516");
      }
    }
  },
);

test("a usual range has an edge above and below, which keeps its colour between two pixels", async () => {
  const columns = [{ value: 50, low: 40, high: 60 }];
  const svg = String(await drawColumns({ columns, max: 100, compact: String, alternative: "" }, "narrow"));

  const edges = [...svg.matchAll(/<path [^>]*fill="var\(--edge\)"[^>]*>/g)].map(([path]) => path);
  expect(edges.map((path) => /v([\d.]+)h/.exec(path)?.[1])).toEqual(["1.5", "1.5"]);
});

test.each(["Mär", "नवंबर", "September"])("the month label %s is whole in a calendar's last week, too", async (label) => {
  const chart = { cells: [], weekdays: [], weeks: 20, cellSize: 15 as const, alternative: "" };
  const svg = String(await drawCalendar({ ...chart, months: [4, 19].map((week) => ({ week, label })) }));
  const xs = [...svg.matchAll(/<text text-anchor="start" transform="translate\(([\d.]+),/g)].map(([, x]) => Number(x));
  const end = Number(/ width="(\d+)"/.exec(svg)?.[1]) - 30;

  expect(xs).toHaveLength(2);
  expect(xs[0]).toBe(4.5 * 15 - 6);
  expect(xs[1]).toBeLessThanOrEqual(end - 11 * 0.64 * label.replaceAll(/\p{Mn}/gu, "").length);
});

test("a row's bar is as long as its value, and a share's ends at its track", async () => {
  const rows = [0.25, 1].map((value) => ({ name: "x", bars: [{ value, text: "" }] }));
  const svg = String(await drawRows({ measures: [{ max: "share" }], rows, alternative: "" }, "wide"));

  const [quarter, whole] = barsIn(svg, "accent").map(({ width }) => width);
  expect(barsIn(svg, "track").map(({ width }) => width)).toEqual([whole, whole]);
  expect((quarter ?? 0) / (whole ?? 1)).toBeCloseTo(0.25, 2);
});

test("a chart says its sentence and has neither roles, classes nor styles inside", async () => {
  const columns = [{ value: 1, label: '<b style="x" class="y">' }];
  const svg = String(await drawColumns({ columns, max: 1, compact: String, alternative: 'One "bar" <b>' }, "narrow"));

  expect(svg).toMatch(/^<svg role="img" aria-label="One &quot;bar&quot; &lt;b&gt;" /);
  expect(svg.slice(10).match(/<[^>]* (?:role|class|style|aria-hidden)=/)).toBeNull();
  expect(svg).toContain('&lt;b style="x" class="y"&gt;</text>');
});

test("a chart is the same, however often others were drawn before it", async () => {
  const draw = async (value: number) =>
    String(await drawColumns({ columns: [{ value }], max: 100, compact: String, alternative: "" }, "narrow"));
  const first = await draw(50);
  const all = await Promise.all(Array.from({ length: 120 }, (_, index) => draw(index % 2 === 0 ? 50 : index)));

  expect(all.filter((svg) => svg === first)).toHaveLength(60);
});

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [7, [0, 2, 4, 6, 8]],
  [353, [0, 100, 200, 300, 400]],
  [401, [0, 200, 400, 600]],
])("the ticks up to %i are %j", (max, ticks) => {
  expect(niceTicks(max)).toEqual(ticks);
});

test.each([
  ["Sales", 5, "Sales"],
  ["Sales!", 5, "Sale…"],
  ["日本語の", 8, "日本語の"],
  ["日本語の", 7, "日本語…"],
  ["a\nb\u202ec", 9, "a b c"],
  ["👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 3, "👩‍👩‍👧‍👦…"],
])("the label of %j in %i letters is %j", (name, letters, label) => {
  expect(shortened({ name }, letters)).toBe(label);
});

test.each([
  ["John Smith", ", Ext. 101", 20, "John Smith, Ext. 101"],
  ["John Smith", ", Ext. 1012", 17, "John…, Ext. 1012"],
  ["Sales; East, 2nd floor", ", Ext. 12345678", 17, "S…, Ext. 12345678"],
  ["Technical second level", ", 1,090 calls", 32, "Technical second l…, 1,090 calls"],
  ["日本語の名前", ", Ext. 101", 17, "日本語…, Ext. 101"],
])("the label of %j shortens the name, and never its ending %j", (name, ending, letters, label) => {
  expect(shortened({ name, ending }, letters)).toBe(label);
});

test("text and bars, and the edges of the usual range, stand out against what is beside them, in light and dark", () => {
  const themes = [...styleSheet.matchAll(/:root\{([^}]*--paper[^}]*)\}/g)].map(([, theme = ""]) => theme);
  const luminance = (theme: string, name: string) => {
    const hex = new RegExp(`--${name}:#([0-9a-f]+)`).exec(theme)?.[1] ?? "";
    const full = hex.length === 3 ? hex.replaceAll(/./g, "$&$&") : hex;
    const parts = (full.match(/../g) ?? []).map((part) => Number.parseInt(part, 16) / 255);
    const [red = 0, green = 0, blue = 0] = parts.map((part) =>
      part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (theme: string, a: string, b: string) => {
    const [low = 0, high = 0] = [luminance(theme, a), luminance(theme, b)].toSorted((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };

  expect(themes).toHaveLength(2);
  for (const theme of themes) {
    for (const text of ["ink", "muted", "accent"]) expect(contrast(theme, text, "paper")).toBeGreaterThan(4.5);
    for (const mark of ["accent", "second", "edge"]) expect(contrast(theme, mark, "paper")).toBeGreaterThan(3);
    for (const mark of ["accent", "edge"]) expect(contrast(theme, mark, "range")).toBeGreaterThan(3);
  }
});
