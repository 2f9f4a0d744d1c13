import { describe, expect, test } from "vitest";
import { type DayIndex, isUsable, withNotes, withNotesAfterOther } from "../../shared/core/day-index.ts";

const day = "2026-11-01";
const walkedAt = "2026-11-01T03:00:00.000Z";
const index: DayIndex = { schema: "nightshift/day-index/1", account: "7", rules: "r", walkedAt, days: {} };
const closed = { etag: "a", status: "closed" } as const;
const open = { etag: "a", status: "open" } as const;

describe("`isUsable`", () => {
  const use = { account: "7", rules: "r" };
  const msLater = (ms: number) => new Date(Date.parse(walkedAt) + ms);

  test("accepts an index for 30 days after every manifest was read", () => {
    const thirtyDaysMs = 30 * 24 * 3_600_000;

    expect(isUsable(index, { ...use, now: msLater(0) })).toBe(true);
    expect(isUsable(index, { ...use, now: msLater(thirtyDaysMs - 1) })).toBe(true);
    expect(isUsable(index, { ...use, now: msLater(thirtyDaysMs) })).toBe(false);
  });

  test.each([
    ["another account", { account: "8" }],
    ["other rules", { rules: "s" }],
    ["the future", { now: msLater(-1) }],
  ])("rejects an index of %s", (_what, other) => {
    expect(isUsable(index, { ...use, now: msLater(0), ...other })).toBe(false);
  });

  test("rejects an index whose time cannot be read", () => {
    expect(isUsable({ ...index, walkedAt: "soon" }, { ...use, now: msLater(0) })).toBe(false);
  });
});

describe("`withNotes`", () => {
  test("keeps what is known of the same manifest", () => {
    const known = { [day]: { ...open, inLedger: true } };

    expect(withNotes(known, new Map([[day, closed]]))).toEqual({ [day]: { ...closed, inLedger: true } });
  });

  test("forgets what was known of another manifest", () => {
    const known = { [day]: { ...closed, inLedger: true, counts: { calls: 3 } } };

    expect(withNotes(known, new Map([[day, { etag: "b", status: "open" }]]))).toEqual({
      [day]: { etag: "b", status: "open" },
    });
  });

  test("sorts the days", () => {
    const days = withNotes({ "2026-11-03": open }, new Map([[day, open]]));

    expect(Object.keys(days)).toEqual([day, "2026-11-03"]);
  });
});

describe("`withNotesAfterOther`", () => {
  test("keeps a day open that the other run shows as open", () => {
    expect(withNotesAfterOther({ [day]: open }, new Map([[day, closed]]))).toEqual({ [day]: open });
  });

  test("closes a day whose manifest the other run did not know", () => {
    const other = { [day]: { etag: "b", status: "open" as const } };

    expect(withNotesAfterOther(other, new Map([[day, closed]]))).toEqual({ [day]: closed });
  });
});
