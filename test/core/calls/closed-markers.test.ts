import { expect, test } from "vitest";
import { parseMarkers } from "../../../shared/core/calls/closed-markers.ts";
import { archiveKeys, dayInKey } from "../../../shared/core/object-keys.ts";

const day = "2026-11-03";
const closed = archiveKeys.closedMarker("1", day);
const openedAgain = archiveKeys.statusMarker("1", day, 9, "open");
const closedAgain = archiveKeys.statusMarker("1", day, 12, "closed");

test("a day without a marker has no status", () => {
  expect(parseMarkers(["closed/account=1/other.json"]).size).toBe(0);
});

test("a day's latest marker counts, in whatever order they are listed", () => {
  expect(parseMarkers([closed]).get(day)).toBe("closed");
  expect(parseMarkers([openedAgain, closed]).get(day)).toBe("open");
  expect(parseMarkers([closedAgain, closed, openedAgain]).get(day)).toBe("closed");
});

test("every marker's key contains its day", () => {
  expect([closed, openedAgain, closedAgain].map(dayInKey)).toEqual([day, day, day]);
});
