import fc from "fast-check";
import { expect, test } from "vitest";
import { parseSubset, partOf } from "../../shared/core/subset.ts";

test.each(["0/4", "5/4", "1/0", "1", "a/b", "1/4/2", "-1/4", ""])("`%s` is no part of anything", (text) => {
  expect(parseSubset(text)).toBeUndefined();
});

test.each([
  ["1/1", { part: 1, of: 1 }],
  ["28/28", { part: 28, of: 28 }],
])("%s is a part", (text, subset) => {
  expect(parseSubset(text)).toEqual(subset);
});

test("every key is in exactly one part, and always in the same", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 1_000 }), (key, of) => {
      const part = partOf(key, of);

      expect(Number.isInteger(part) && part >= 1 && part <= of).toBe(true);
      expect(partOf(key, of)).toBe(part);
    }),
  );
});

test("the parts are about equal, however alike the keys are", () => {
  const sizes = new Map<number, number>();
  const keys = Array.from({ length: 28_000 }, (_, index) => `recordings/account=7/date=2026-11-01/${index}.mp3`);
  for (const key of keys) sizes.set(partOf(key, 28), (sizes.get(partOf(key, 28)) ?? 0) + 1);

  expect(sizes.size).toBe(28);
  for (const size of sizes.values()) expect(Math.abs(size - 1_000)).toBeLessThan(200);
});
