import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Listing } from "../../../shared/core/calls/call-manifest.ts";
import { needsListing, settled } from "../../../shared/core/calls/settling.ts";
import { empty, listingAt, notListed, rules } from "../../support/core/day-events.ts";

/** One millisecond, in hours. */
const moment = 1 / 3_600_000;
const other = (hours: number) => listingAt(hours, { fingerprint: "other" });
/** Returns listings at these hours, no two equal. */
const differing = (...hours: readonly number[]) => hours.map((at) => listingAt(at, { fingerprint: `at ${at}` }));
const settledBy = (listings: readonly Listing[]) => settled({ listings: [...listings], to: empty.to }, rules);

describe("a listing is not settled", () => {
  test.each([
    ["before there is one", []],
    ["after one alone", [listingAt(30)]],
    ["when the last two differ", [listingAt(24), other(31)]],
    ["when only the first and the last agree", [listingAt(24), other(31), listingAt(38)]],
    ["when the two that agree are a moment less than the gap apart", [listingAt(25), listingAt(31 - moment)]],
    ["when the later is a moment too early after the day's end", [listingAt(10), listingAt(24 - moment)]],
    ["when several agree within less than the gap", [other(20), listingAt(25), listingAt(28), listingAt(30.9)]],
    ["after four differing ones a gap apart", differing(24, 30, 36, 42)],
    [
      "after five differing ones, of which two are a moment less than the gap apart",
      differing(0, 6, 12, 18 + moment, 24),
    ],
    ["after five differing ones, of which two are too close", differing(24, 30, 36, 42 - moment, 42)],
    [
      "after five differing ones, the last of which is too early after the day's end",
      differing(0, 6, 12, 18, 24 - moment),
    ],
    [
      "after five differing ones with two between them that agree",
      [...differing(24, 30), listingAt(36), listingAt(36.1), ...differing(42, 48, 54)],
    ],
  ] satisfies [string, Listing[]][])("%s", (_when, listings) => {
    expect(settledBy(listings)).toBeUndefined();
  });
});

describe("a listing is settled", () => {
  test.each([
    [
      "when the last two agree, just the gap apart, the later just late enough",
      [other(0), listingAt(18), listingAt(24)],
    ],
    ["when all between two that agree agree too", [listingAt(24), listingAt(25), listingAt(30)]],
    ["though it is made once more, soon after", [listingAt(18), listingAt(24), listingAt(24.5)]],
    ["though very many differed before", [...differing(1, 7, 13, 19, 25, 31), listingAt(37), listingAt(43)]],
  ] satisfies [string, Listing[]][])("%s", (_when, listings) => {
    expect(settledBy(listings)).toBe("agreed");
  });

  test.each([
    ["after five in a row that differ, just a gap apart", differing(0, 6, 12, 18, 24)],
    ["after five that differ a gap apart, though others lay between", differing(0, 6, 7, 12, 13, 18, 19, 24)],
    ["after two that differ by turns", [listingAt(0), other(6), listingAt(12), other(18), listingAt(24)]],
    [
      "after five that differ, though two agreed before",
      [listingAt(-20), ...differing(-14), listingAt(-13), ...differing(0, 6, 12, 18, 24)],
    ],
  ] satisfies [string, Listing[]][])("as unstable %s", (_when, listings) => {
    expect(settledBy(listings)).toBe("unstable");
  });
});

/** Up to eight listings, each some hours after the one before. */
const nights = fc
  .array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.integer({ min: 1, max: 12 })), { maxLength: 8 })
  .map((all) => {
    const hours = all.map((_, n) => all.slice(0, n + 1).reduce((sum, [, gap]) => sum + gap, 0));
    return all.map(([fingerprint], n) => listingAt(hours[n] ?? 0, { fingerprint }));
  });

test("for any listings, a day that has settled by agreement stays settled if the same is listed once more", () => {
  fc.assert(
    fc.property(nights, fc.integer({ min: 1, max: 12 }), (listings, later) => {
      const last = listings.at(-1);
      fc.pre(last !== undefined && settledBy(listings) === "agreed");
      const at = new Date(Date.parse(last?.at ?? "") + later * 3_600_000).toISOString();

      expect(
        settledBy([...listings, { ...listingAt(0), run: "again", at, fingerprint: last?.fingerprint ?? "" }]),
      ).toBe("agreed");
    }),
  );
});

test("for any listings, none settles before the last is late enough, and two equal ones a gap apart settle then", () => {
  fc.assert(
    fc.property(nights, (listings) => {
      const last = listings.at(-1);
      const hours = (Date.parse(last?.at ?? empty.to) - Date.parse(empty.to)) / 3_600_000;
      const again = listingAt(hours + 6, { fingerprint: last?.fingerprint ?? "a" });

      if (hours < 24) expect(settledBy(listings)).toBeUndefined();
      if (last && hours >= 18) expect(settledBy([...listings, again])).toBe("agreed");
    }),
  );
});

describe("a day is to be listed again", () => {
  const agreed = [listingAt(18), listingAt(24)];
  const shrunk = listingAt(30, { missing: 3, missingIds: ["a", "b", "c"] });
  const failure = notListed(31);
  const needs = (listings: Listing[], failed = false) =>
    needsListing({ listings, to: empty.to, ...(failed && failure.type === "listing-failed" && failure) }, rules);

  test.each([
    ["before it has settled", needs([listingAt(24)])],
    ["while its last listing is not to be believed, though it agrees with the one before", needs([...agreed, shrunk])],
    ["after a try that came to nothing", needs(agreed, true)],
  ])("%s", (_when, isNeeded) => {
    expect(isNeeded).toBe(true);
  });

  test("no more once it has settled, even by listings that never agreed", () => {
    expect([needs(agreed), needs(differing(0, 6, 12, 18, 24))]).toEqual([false, false]);
  });
});
