import { describe, expect, test } from "vitest";
import { startOptions } from "./start-options.ts";

describe("a mistake on the command line is one sentence:", () => {
  test.each([
    [["--day", "2026-11-31", "--credential", "rc.json"], "--day: 2026-11-31 is not a date that exists, YYYY-MM-DD."],
    [["--day", "2026-11-03"], "--day: which account? Add --credential rc.json, or leave the day out for the lab."],
    [["--credential", "rc.json"], "--day is missing: name the days to archive, for example --day 2026-11-03."],
    [
      ["--credential", "rc.json", "--day", "2026-11-03", "--time-zone", "EST5"],
      "--time-zone: EST5 is not an IANA time zone, such as America/New_York.",
    ],
    [["foo"], "Unexpected argument 'foo'."],
    [["--dya", "2026-11-03"], "Unknown option '--dya'."],
  ])("%j", (args, error) => {
    expect(startOptions(args)).toEqual({ errors: [error] });
  });

  test("and several mistakes are all named", () => {
    expect(startOptions(["--day", "x", "--time-zone", "y"])).toEqual({
      errors: [
        expect.stringContaining("--day: x"),
        expect.stringContaining("--time-zone: y"),
        expect.stringContaining("which account"),
      ],
    });
  });
});

test("without arguments it is the lab, and with a credential the account's own time zone counts", () => {
  const none = { help: false, credential: undefined, days: [], timeZone: undefined, into: undefined };

  expect(startOptions([])).toEqual(none);
  expect(startOptions(["--credential", "rc.json", "--day", "2026-11-03"])).toEqual({
    ...none,
    ...{ credential: "rc.json", days: ["2026-11-03"] },
  });
});
