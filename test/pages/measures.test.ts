import { expect, test } from "vitest";
import { clearlyOutside, unusual } from "../../shared/pages/measures.ts";

const range = { low: 100, high: 200 };

test.each([
  [220, "more"],
  [219, undefined],
  [200, undefined],
  [100, undefined],
  [91, undefined],
  [90, "fewer"],
])("of a usual range from 100 to 200 calls, %i are called %s", (value, judged) => {
  expect(unusual(value, range)).toBe(judged);
});

test.each([
  [5, "more"],
  [4, undefined],
])("where there are usually no calls, %i are called %s: fewer than five say nothing", (value, judged) => {
  expect(unusual(value, { low: 0, high: 0 })).toBe(judged);
  expect(clearlyOutside.calls).toBe(5);
});
