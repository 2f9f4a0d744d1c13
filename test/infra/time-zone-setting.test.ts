import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import { isPlaceOrUtc, TimeZoneSetting } from "../../infra/time-zone-setting.ts";

const errorOf = (timeZone: unknown) => TimeZoneSetting.safeParse(timeZone).error?.issues[0]?.message;

/** Every name that ICU has for a zone, in its spelling. */
async function icuNames(): Promise<readonly string[]> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const reader = await connection.runAndReadAll("SELECT DISTINCT name FROM pg_timezone_names() ORDER BY name");
  connection.closeSync();
  return reader.getRows().map(([name]) => String(name));
}

/** ICU's own by now: IANA has dropped them. */
const dropped = ["Canada/East-Saskatchewan", "US/Pacific-New"];
const isPlace = (name: string) => name.includes("/") && !/^(Etc|SystemV)\//.test(name) && !dropped.includes(name);

describe("a time zone that EventBridge Scheduler may not accept, or without summer time, is refused, and the right one is named:", () => {
  test.each([
    ["america/new_york", "America/New_York"],
    ["asia/kolkata", "Asia/Kolkata"],
    ["us/eastern", "US/Eastern"],
    ["US/eastern", "US/Eastern"],
    ["etc/utc", "UTC"],
    ["Etc/UTC", "UTC"],
    ["utc", "UTC"],
    ["Zulu", "UTC"],
    ["EST", "America/New_York"],
    ["EST5EDT", "America/New_York"],
    ["CET", "Europe/Paris"],
    ["JST", "Asia/Tokyo"],
    ["IST", "Asia/Kolkata"],
    ["HST", "Pacific/Honolulu"],
    ["AEST", "Australia/Sydney"],
    ["Japan", "Asia/Tokyo"],
    ["GB", "Europe/London"],
    ["Eastern Time", "America/New_York"],
    ["Eastern", "America/New_York"],
    ["(GMT-05:00) Eastern Time (US & Canada)", "America/New_York"],
    ["Australian Eastern Standard Time", "Australia/Sydney"],
    ["Central European Summer Time", "Europe/Paris"],
    ["Berlin", "Europe/Berlin"],
    ["los angeles", "America/Los_Angeles"],
    ["Berln", "Europe/Berlin"],
    ["Europe/Berln", "Europe/Berlin"],
    ["America/Berlin", "Europe/Berlin"],
    ["America\\New_York", "America/New_York"],
    [" Europe/Berlin", "Europe/Berlin"],
  ])("%s", (timeZone, meant) => {
    expect(errorOf(timeZone)).toContain(`expected an IANA time zone, such as America/New_York; did you mean ${meant}?`);
  });

  test("every ICU name that is no place, and every place in small letters", async () => {
    const names = await icuNames();

    const invalid = [...names.filter((name) => !isPlace(name)), ...names.map((name) => name.toLowerCase())];
    expect(invalid.filter((name) => name !== "UTC" && isPlaceOrUtc(name))).toEqual([]);
  });
});

test.each(["+05:30", "", "somewhere", "Etc/GMT+5", "SystemV/EST5", "Europe/Hamburg", "America/Boston", 7])(
  "no time zone is suggested for %j",
  (timeZone) => {
    expect(errorOf(timeZone)).toBe(
      `expected an IANA time zone, such as America/New_York (given: ${JSON.stringify(timeZone)})`,
    );
  },
);

test("each name that a place has or had at IANA is a time zone, and so is UTC", async () => {
  const names = ["UTC", ...(await icuNames()).filter(isPlace)];

  expect(names).toContain("US/Eastern");
  expect(names.filter((name) => !isPlaceOrUtc(name))).toEqual([]);
});
