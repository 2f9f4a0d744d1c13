import { describe, expect, test } from "vitest";
import {
  anyText,
  checkedOptions,
  date,
  type GivenOptions,
  type OptionTable,
  phoneNumber,
  positiveInteger,
} from "../../cli/options.ts";

const option = { value: "value", help: "" };
const texts = {
  bucket: { ...option, check: anyText },
  day: { ...option, check: date },
  number: { ...option, check: phoneNumber },
  record: { ...option, check: anyText },
  "signed-from": { ...option, check: positiveInteger },
};
const table: OptionTable<keyof typeof texts, "deep"> = {
  texts,
  flags: { deep: "" },
  checkCombination: ({ bucket }) => (bucket === undefined ? ["--bucket is missing"] : []),
};
const check = (given: GivenOptions) => checkedOptions(table, { bucket: ["archive"], ...given });

describe("an invalid option", () => {
  const rows: readonly [string, GivenOptions, string][] = [
    ["has an empty value", { record: [""] }, "--record: value is missing"],
    ["has an option for its value", { record: ["--deep"] }, "--record: value is missing"],
    ["is given twice", { record: ["1", "2"] }, "--record: given twice"],
    ["is a date that does not exist", { day: ["2026-02-30"] }, "--day: expected a date that exists, YYYY-MM-DD"],
    ["is a number without digits", { number: ["anonymous"] }, "--number: expected a phone number"],
    ["is no place in the ledger", { "signed-from": ["0"] }, "--signed-from: expected 1, 2, 3 …"],
  ];

  test.each(rows)("that %s is named", (_how, given, message) => {
    expect(() => check(given)).toThrow(expect.objectContaining({ code: "REQUEST_INVALID", message }));
  });

  test("is named together with all others, and the hint names --help", () => {
    expect(() => check({ day: ["today"], number: ["anonymous"] })).toThrow(
      expect.objectContaining({
        message: "--day: expected a date that exists, YYYY-MM-DD; --number: expected a phone number",
        hint: "See --help.",
      }),
    );
  });

  test("hides errors of the combination until each option is valid", () => {
    expect(() => checkedOptions(table, { deep: true })).toThrow("--bucket is missing");
    expect(() => checkedOptions(table, { day: ["x"] })).not.toThrow("--bucket is missing");
  });
});

describe("a valid option", () => {
  test("keeps its name and its value", () => {
    expect(check({ deep: true, record: ["-1"], day: ["2026-11-01"], "signed-from": ["12"] })).toEqual({
      bucket: "archive",
      deep: true,
      record: "-1",
      day: "2026-11-01",
      "signed-from": "12",
    });
  });

  test.each(["+1 (650) 555-0100", "101"])("for a phone number may be written %s", (number) => {
    expect(check({ number: [number] })).toMatchObject({ number });
  });
});
