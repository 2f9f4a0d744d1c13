import { describe, expect, test } from "vitest";
import { TimeZoneSetting } from "../../infra/time-zone-setting.ts";

const complaintOf = (timeZone: unknown) => TimeZoneSetting.safeParse(timeZone).error?.issues[0]?.message;

test.each(["America/New_York", "Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires", "Asia/Calcutta"])(
  "%s is a time zone, by whatever name its place has gone",
  (timeZone) => {
    expect(complaintOf(timeZone)).toBeUndefined();
  },
);

describe("a time zone that EventBridge Scheduler may not take, or that knows no summer time, is refused, and the right one is named:", () => {
  test.each([
    ["america/new_york", "America/New_York"],
    ["utc", "UTC"],
    ["EST", "America/New_York"],
    ["EST5EDT", "America/New_York"],
    ["CET", "Europe/Paris"],
    ["Berlin", "Europe/Berlin"],
    ["los angeles", "America/Los_Angeles"],
    ["Europe/Berln", "Europe/Berlin"],
  ])("%s", (timeZone, meant) => {
    expect(complaintOf(timeZone)).toBe(`expected an IANA time zone, as America/New_York; did you mean ${meant}?`);
  });
});

test.each(["+05:30", "", "somewhere"])("of %j nobody knows what was meant", (timeZone) => {
  expect(complaintOf(timeZone)).toBe("expected an IANA time zone, as America/New_York");
});
