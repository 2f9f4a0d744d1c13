import { expect, test } from "vitest";
import { addEventFile, createHeldDays, type HeldDay } from "../../shared/storage/held-days.ts";

const mebibyte = 1024 * 1024;
const days = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;
const held = (bytes: number): HeldDay<string, string> => ({
  ...{ stored: undefined, manifest: "", pending: [], eventKeys: new Set(), bytes },
});

test.each([
  [16 * mebibyte, true],
  [16 * mebibyte + 1, false],
])("days of %i bytes as JSON: the first is remembered is %s", (bytes, isRemembered) => {
  const store = createHeldDays<string, string>();
  store.hold(days[0], held(bytes - 8 * mebibyte));
  store.hold(days[1], held(8 * mebibyte));

  expect([store.get(days[0]) !== undefined, store.get(days[1]) !== undefined]).toEqual([isRemembered, true]);
});

test("a day that is held again is forgotten last", () => {
  const store = createHeldDays<string, string>();
  for (const day of [days[0], days[1], days[0]]) store.hold(day, held(6 * mebibyte));

  store.hold(days[2], held(6 * mebibyte));

  expect(days.filter((day) => store.get(day))).toEqual([days[0], days[2]]);
});

test("event files count ten times their compressed bytes", () => {
  const day = held(100);

  addEventFile(day, { key: "k", bytes: 7, events: ["a", "b"] });

  expect([day.bytes, day.pending, [...day.eventKeys]]).toEqual([170, ["a", "b"], ["k"]]);
});
