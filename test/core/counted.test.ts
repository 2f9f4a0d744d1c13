import { expect, test } from "vitest";
import { counted } from "../../shared/core/counted.ts";

test.each([
  [0, "0 days"],
  [1, "1 day"],
  [2, "2 days"],
])("`counted` writes %i with the noun in its number: %s", (count, text) => {
  expect(counted(count, "day")).toBe(text);
});

test("`counted` takes an irregular plural", () => {
  expect([1, 2].map((count) => counted(count, "entry", "entries"))).toEqual(["1 entry", "2 entries"]);
});
