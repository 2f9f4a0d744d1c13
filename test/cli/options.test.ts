import { describe, expect, test } from "vitest";
import { anyText, bucketName, date, phoneNumber, positiveInteger, readOptions } from "../../cli/options.ts";

const table = {
  texts: { bucket: bucketName, day: date, number: phoneNumber, record: anyText, "signed-from": positiveInteger },
  flags: ["deep", "quick"] as const,
  checkCombination: ({ bucket }: { readonly bucket?: string }) => (bucket === undefined ? ["--bucket is missing"] : []),
};
const read = (...args: readonly string[]) => readOptions(table, ["--bucket", "archive", ...args]);

describe("an invalid option", () => {
  const rows: readonly [string, readonly string[], string][] = [
    ["is not known", ["--nmber", "1"], "--nmber: no such option"],
    ["is short", ["-d"], "-d: no such option"],
    ["is no option", ["archive"], "archive: expected an option"],
    ["has no value", ["--day"], "--day: value is missing"],
    ["has an empty value", ["--record", ""], "--record: value is missing"],
    ["has an option for its value", ["--record", "--deep"], "--record: value is missing"],
    ["has a value that it takes not", ["--deep=yes"], "--deep: takes no value"],
    ["is given twice", ["--record", "1", "--record", "2"], "--record: given twice"],
    ["is a date that does not exist", ["--day", "2026-02-30"], "--day: expected a date that exists, YYYY-MM-DD"],
    ["is a number without digits", ["--number", "anonymous"], "--number: expected a phone number"],
    ["is no place in the ledger", ["--signed-from", "0"], "--signed-from: expected 1, 2, 3 …"],
  ];

  test.each(rows)("that %s is named", (_how, args, message) => {
    expect(() => read(...args)).toThrow(expect.objectContaining({ code: "REQUEST_INVALID", message }));
  });

  test.each(["s3://archive", "archive/", "Archive", "x"])("is a bucket name such as %s", (bucket) => {
    expect(() => readOptions(table, ["--bucket", bucket])).toThrow("--bucket: expected a bucket name");
  });

  test("is named together with all others, and the hint names --help", () => {
    const errors = "--nmber: no such option; 2: expected an option; --day: expected a date that exists, YYYY-MM-DD";

    expect(() => read("--nmber", "1", "2", "--day", "today")).toThrow(
      expect.objectContaining({ message: errors, hint: "See --help." }),
    );
  });

  test("hides errors of the combination until each option is valid", () => {
    expect(() => readOptions(table, ["--deep"])).toThrow("--bucket is missing");
    expect(() => readOptions(table, ["--deep", "--day", "x"])).not.toThrow("--bucket is missing");
  });
});

describe("a valid option", () => {
  test("is read with a space or an equals sign before its value", () => {
    expect(read("--deep", "--record=r", "--day", "2026-11-01", "--signed-from", "12")).toEqual({
      ...{ bucket: "archive", deep: true, record: "r", day: "2026-11-01", "signed-from": "12" },
    });
  });

  test("may have a value that begins with a dash, after an equals sign", () => {
    expect(read("--record=-1")).toMatchObject({ record: "-1" });
  });

  test.each(["+1 (650) 555-0100", "101"])("for a phone number may be written %s", (number) => {
    expect(read("--number", number)).toMatchObject({ number });
  });

  test("for a bucket may name an access point", () => {
    const arn = "arn:aws:s3:eu-central-1:123456789012:accesspoint/audit";

    expect(readOptions(table, ["--bucket", arn])).toEqual({ bucket: arn });
  });
});
