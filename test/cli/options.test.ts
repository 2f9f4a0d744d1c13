import { describe, expect, test } from "vitest";
import { anyText, bucketName, date, phoneNumber, positiveInteger, readOptions } from "../../cli/options.ts";

const table = {
  texts: { bucket: bucketName, day: date, number: phoneNumber, record: anyText, "signed-from": positiveInteger },
  flags: ["deep", "quick"] as const,
  checkCombination: ({ bucket }: { readonly bucket?: string }) => (bucket === undefined ? ["--bucket is missing"] : []),
};
const read = (...args: readonly string[]) => readOptions(table, ["--bucket", "archive", ...args]);

describe("options that are errors", () => {
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

  test.each(rows)("one that %s is named", (_how, args, message) => {
    expect(() => read(...args)).toThrow(expect.objectContaining({ code: "REQUEST_INVALID", message }));
  });

  test.each(["s3://archive", "archive/", "Archive", "x"])("a bucket is not called %s", (bucket) => {
    expect(() => readOptions(table, ["--bucket", bucket])).toThrow("--bucket: expected a bucket name");
  });

  test("all are named at once, with where to look", () => {
    const errors = "--nmber: no such option; 2: expected an option; --day: expected a date that exists, YYYY-MM-DD";

    expect(() => read("--nmber", "1", "2", "--day", "today")).toThrow(
      expect.objectContaining({ message: errors, hint: "See --help." }),
    );
  });

  test("whose combination is invalid have their errors listed only if each is valid", () => {
    expect(() => readOptions(table, ["--deep"])).toThrow("--bucket is missing");
    expect(() => readOptions(table, ["--deep", "--day", "x"])).not.toThrow("--bucket is missing");
  });
});

describe("options that are right", () => {
  test("are read, with a space or an equals sign before their values", () => {
    expect(read("--deep", "--record=r", "--day", "2026-11-01", "--signed-from", "12")).toEqual({
      ...{ bucket: "archive", deep: true, record: "r", day: "2026-11-01", "signed-from": "12" },
    });
  });

  test("may begin with a dash where an equals sign says that they are values", () => {
    expect(read("--record=-1")).toMatchObject({ record: "-1" });
  });

  test.each(["+1 (650) 555-0100", "101"])("as numbers are written %s", (number) => {
    expect(read("--number", number)).toMatchObject({ number });
  });

  test("name an access point as well as a bucket", () => {
    const arn = "arn:aws:s3:eu-central-1:123456789012:accesspoint/audit";

    expect(readOptions(table, ["--bucket", arn])).toEqual({ bucket: arn });
  });
});
