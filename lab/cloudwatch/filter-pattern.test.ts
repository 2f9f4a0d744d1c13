import { expect, test } from "vitest";
import { parseFilterPattern } from "./filter-pattern.ts";

test.each<[string, readonly object[], readonly object[]]>([
  ["{ $.a >= 1 }", [{ a: 1 }, { a: 2, b: 0 }], [{ a: 0 }, {}, { a: "1" }, { a: [1] }, { a: null }]],
  ["{ ($.a < 0) || ($.b > 0) }", [{ a: -1 }, { b: 1 }], [{ a: 0, b: 0 }, {}]],
  ['{ ($.service = "x") && ($.a < 0) }', [{ service: "x", a: -1 }], [{ service: "y", a: -1 }, { service: "x" }]],
  ['{ ($.a[0] = "x") || ($.a[1] = "x") }', [{ a: ["x"] }, { a: ["y", "x"] }], [{ a: ["y", "y", "x"] }, { a: "y" }, {}]],
  ["{ $.a.b = 3 }", [{ a: { b: 3 } }], [{ a: 3 }, { b: 3 }]],
])("%s matches lines of JSON by their properties", (pattern, matching, others) => {
  const matches = parseFilterPattern(pattern);

  expect(matching.filter(matches)).toEqual(matching);
  expect(others.filter(matches)).toEqual([]);
});

test.each(["ERROR", "{ $.a = * }", "{ $.a IS NULL }"])(
  "a pattern that the lab does not know is refused: %s",
  (pattern) => {
    expect(() => parseFilterPattern(pattern)({ a: 1 })).toThrow();
  },
);
