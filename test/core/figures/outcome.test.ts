import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answeredResults, unansweredResults } from "../../../lab/ringcentral/vocabulary.ts";
import { betterOutcome, outcomeOf, outcomes } from "../../../shared/core/figures/outcome.ts";

describe("the outcome of a record", () => {
  test.each([
    [undefined, "other"],
    ["", "other"],
    ["constructor", "other"],
    ["In Progress", "other"],
    ["Wrong Number", "other"],
    ["Hang Up", "abandoned"],
    ["No Answer", "missed"],
    ["Sent to Voicemail", "voicemail"],
    ["Answered Elsewhere", "answered"],
    ["Call \u0441onnected", "answered"],
  ])("of the result %s is %s", (result, outcome) => {
    expect(outcomeOf(result)).toBe(outcome);
  });

  test("is `answered` for each result that RingCentral has for an answered call", () => {
    expect(Object.values(answeredResults).map(outcomeOf)).toEqual(["answered", "answered"]);
  });

  test("is `other` for a third of the results at most, so that a page says how calls ended", () => {
    const others = unansweredResults.filter((result) => outcomeOf(result) === "other");

    expect(others).not.toContain("Missed");
    expect(unansweredResults.filter((result) => !others.includes(result)).length).toBeGreaterThanOrEqual(13);
  });
});

test("the better of two outcomes does not depend on their order", () => {
  const outcome = fc.constantFrom(...outcomes);
  fc.assert(
    fc.property(outcome, outcome, (a, b) => {
      expect(betterOutcome(a, b)).toBe(betterOutcome(b, a));
      expect(outcomes.indexOf(betterOutcome(a, b))).toBe(Math.min(outcomes.indexOf(a), outcomes.indexOf(b)));
    }),
  );
});
