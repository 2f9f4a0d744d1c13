import { describe, expect, test } from "vitest";
import { evaluateMath, type Series } from "./metric-math.ts";

const nothing = undefined;

function evaluate(expression: string, series: Readonly<Record<string, Series>>, never: readonly string[] = []): Series {
  return evaluateMath(expression, { series, neverPublished: new Set(never), fillsNeverPublished: false });
}

describe("metric math", () => {
  test.each<[string, Series]>([
    ["a + b", [11, nothing, nothing]],
    ["a * 2 + 1", [3, 5, nothing]],
    ["1 + a * 2", [3, 5, nothing]],
    ["(1 + a) * 2", [4, 6, nothing]],
    ["a > 1", [0, 1, nothing]],
    ["MIN([a, b])", [1, 2, 30]],
    ["MAX([a, b, a])", [10, 2, 30]],
    ["SUM([a + b, b])", [21, nothing, 30]],
    ["FILL(a, 0)", [1, 2, 0]],
    ["FILL(a, 0) * FILL(b, 7)", [10, 14, 0]],
    ["IF(FILL(a, 0) > 1, b, 5)", [5, nothing, 5]],
  ])("computes %s", (expression, expected) => {
    expect(evaluate(expression, { a: [1, 2, nothing], b: [10, nothing, 30] })).toEqual(expected);
  });

  test("leaves a metric empty that was never published, even under FILL, if the caller names it", () => {
    expect(evaluate("FILL(a, 0) + FILL(b, 0)", { a: [nothing], b: [1] }, ["a"])).toEqual([nothing]);
  });

  test.each(["MIN(a)", "a b", "LAST(a)", "c", "1 + 1"])(
    "refuses an expression that is unknown or is no time series: %s",
    (expression) => {
      expect(() => evaluate(expression, { a: [1] })).toThrow();
    },
  );
});
