import fc from "fast-check";
import { expect, test } from "vitest";
import { groups, metrics } from "../../shared/core/analytics/analytics-names.ts";
import { nearestName, similarName } from "../../shared/core/nearest-name.ts";

test("without names there is no nearest name", () => {
  expect(nearestName("Users", [])).toBeUndefined();
});

test.each([
  ["one letter too few", "User", "Users"],
  ["the wrong case", "COMPANY", "Company"],
  ["two letters in each other's place", "Quueues", "Queues"],
  ["the case of the first letter alone", "ivrs", "IVRs"],
  ["a space", "Company Numbers", "CompanyNumbers"],
  ["nothing", "", "IVRs"],
])("a name with %s finds the intended name", (_what, given, meant) => {
  expect(nearestName(given, groups)).toBe(meant);
});

test("a name as in responses finds the name as in requests", () => {
  expect(nearestName("callsActions", metrics)).toBe("callsByActions");
});

test("any text has a nearest name, and a name is nearest to itself", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.constantFrom(...metrics), (given, name) => {
      expect(metrics).toContain(nearestName(given, metrics));
      expect(nearestName(name, metrics)).toBe(name);
    }),
    { numRuns: 30 },
  );
});

test.each([
  ["fron", "from"],
  ["form", undefined],
  ["dryrun", "dryRun"],
  ["colectAnalitics", "collectAnalytics"],
  ["relists", undefined],
  ["day", undefined],
])("the similar name of %s is %s", (given, like) => {
  expect(similarName(given, ["from", "dryRun", "collectAnalytics"])).toBe(like);
});
