import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { given, hiding, showing } from "../../shared/core/given-value.ts";

describe("an error does not show", () => {
  test.each([
    ["a phone number", "+14155550100"],
    ["a phone number with spaces", "(415) 555-0100"],
    ["a phone number of eight digits", "91 23 45 67"],
    ["a phone number that is a number", 4_155_550_100],
    ["a phone number of seven digits", "555-0100"],
    ["a text of 33 characters", "x".repeat(33)],
    ["an e-mail address", "ops@example.com"],
    ["a token", "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9"],
    ["a list", ["2026-11-01"]],
    ["an object", { day: "2026-11-01" }],
  ])("%s", (_what, value) => {
    expect(given(value)).toBe("");
  });

  test("any value of a field that is hidden", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => {
        expect(hiding("expected the name of a secret").error({ input })).toBe("expected the name of a secret");
      }),
    );
  });
});

describe("an error shows", () => {
  test.each<[unknown, string]>([
    ["2026-11-33", ' (given: "2026-11-33")'],
    ["0206-01-01", ' (given: "0206-01-01")'],
    ["2026-11-01T00:00:00Z", ' (given: "2026-11-01T00:00:00Z")'],
    ["11/03/2026", ' (given: "11/03/2026")'],
    [20_261_101, " (given: 20261101)"],
    [0.001, " (given: 0.001)"],
    ["555010", ' (given: "555010")'],
    ["x".repeat(32), ` (given: "${"x".repeat(32)}")`],
    ["", ' (given: "")'],
    [true, " (given: true)"],
    [null, " (given: null)"],
    ["two\nlines", ' (given: "two\\nlines")'],
    [undefined, " (missing)"],
  ])("%j", (value, text) => {
    expect(given(value)).toBe(text);
    expect(showing("expected a date").error({ input: value })).toBe(`expected a date${text}`);
  });
});
