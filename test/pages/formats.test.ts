import { expect, test } from "vitest";
import { createFormats } from "../../shared/pages/formats.ts";

const english = createFormats({ locale: "en-US", timeZone: "America/Chicago", people: "none" });
const german = createFormats({ locale: "de-DE", timeZone: "Europe/Berlin", people: "none" });

test.each([
  [0, 0, "–"],
  [0, 9, "0%"],
  [9, 9, "100%"],
  [1, 3, "33%"],
  [999, 1000, "99.9%"],
  [99_999, 100_000, "99.9%"],
  [1, 100_000, "0.1%"],
  [996, 1000, "99.6%"],
  [994, 1000, "99%"],
])("%i of %i is %s: only all is 100%%, and only none is 0%%", (part, whole, text) => {
  expect(english.share(part, whole)).toBe(text);
});

test.each([
  [0, "0 s"],
  [59.4, "59 s"],
  [60, "1 min"],
  [215, "3 min 35 s"],
  [3_661, "61 min 1 s"],
])("%d seconds are %s", (seconds, text) => {
  expect(english.seconds(seconds)).toBe(text);
});

test("sums of lengths are in hours, sizes in the unit that fits", () => {
  expect(english.hours(3_600 * 1_024 + 300)).toBe("1,024 h 5 min");
  expect([999, 1_000, 1_250_000, 3e12].map(english.bytes)).toEqual(["999 B", "1 kB", "1.3 MB", "3 TB"]);
  expect(german.bytes(1_250_000)).toBe("1,3 MB");
});

test("a change has its sign, and there is none against nothing", () => {
  expect(english.change(104, 100)).toBe("+4%");
  expect(english.change(92, 100)).toBe("−8%");
  expect(english.change(5, 0)).toBeUndefined();
  expect(english.points(0.84, 0.87)).toBe("−3");
});

test("dates and times are those of the locale and the zone", () => {
  expect(german.fullDay("2026-11-19")).toBe("Donnerstag, 19. November 2026");
  expect(german.instant(new Date("2026-11-20T05:12:00Z"))).toBe("20. Nov. 2026, 06:12 MEZ");
  expect(english.instant(new Date("2026-11-20T05:12:00Z")).replaceAll(/\s/g, " ")).toBe("Nov 19, 2026, 11:12 PM CST");
  expect([english.calls(1), english.calls(1_200)]).toEqual(["1 call", "1,200 calls"]);
});

test.each([
  ["en-GB", ["00:00", "09:00", "22:00"]],
  ["de-DE", ["00 Uhr", "09 Uhr", "22 Uhr"]],
  ["fr-FR", ["00 h", "09 h", "22 h"]],
  ["en-US", ["12 AM", "9 AM", "10 PM"]],
  ["ar-EG", ["١٢ ص", "٩ ص", "١٠ م"]],
])("an hour of %s reads as a time, never as a bare number", (locale, texts) => {
  const { hour } = createFormats({ locale, timeZone: "UTC", people: "none" });

  expect([0, 9, 22].map((value) => hour(value).replaceAll(/\s/g, " "))).toEqual(texts);
});
