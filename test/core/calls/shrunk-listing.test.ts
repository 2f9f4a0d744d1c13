import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Listing } from "../../../shared/core/calls/call-manifest.ts";
import { hasShrunk, vanishedIn, withListing } from "../../../shared/core/calls/settling.ts";
import { listingAt } from "../../support/core/day-events.ts";

const ids = (count: number, prefix = "m") => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
/** A listing of a day of `known` records that does not show `missingIds`. */
const lacking = (hours: number, known: number, missingIds: readonly string[] = [], facts: Partial<Listing> = {}) =>
  listingAt(hours, {
    ...{ archived: known, records: known - missingIds.length, missing: missingIds.length },
    ...(missingIds.length > 0 && { missingIds: [...missingIds] }),
    ...facts,
  });
/** A listing with only the number of missing records, because there are too many ids. */
const lackingMany = (hours: number, known: number, missing: number, facts: Partial<Listing> = {}) =>
  listingAt(hours, { archived: known, records: known - missing, missing, ...facts });
/** The listings as a manifest keeps them. */
const kept = (...listings: readonly Listing[]) => listings.reduce(withListing, []);

describe("a listing has shrunk", () => {
  test.each([
    ["when more than a tenth of many records is missing at once", [lacking(1, 100), lacking(2, 100, ids(11))]],
    ["when more than two of a few are", [lacking(1, 10), lacking(2, 10, ids(3))]],
    ["when all are, even if there is only one", [lacking(1, 1), lacking(2, 1, ids(1))]],
    ["when all of two are", [lacking(1, 2), lacking(2, 2, ids(2))]],
    ["when the last of them goes after the others", [lacking(1, 3), lacking(2, 3, ids(2)), lacking(3, 3, ids(3))]],
    [
      "when as many are missing as before, but others",
      [lacking(1, 20), lacking(2, 20, ids(2)), lacking(3, 20, ids(3, "n"))],
    ],
    ["when too many are missing to be named", [lacking(1, 90_000), lackingMany(2, 90_000, 20_000)]],
    ["when the very first lacks what the archive has", [lacking(1, 100, ids(11))]],
    ["though the same is missing night after night", [lacking(1, 9), lacking(2, 9, ids(3)), lacking(9, 9, ids(3))]],
  ] satisfies [string, Listing[]][])("%s", (_when, listings) => {
    expect(hasShrunk(kept(...listings))).toBe(true);
    expect(vanishedIn(kept(...listings))).toEqual([]);
  });
});

describe("a listing is believed", () => {
  test.each([
    ["while there is none", []],
    ["of a day without calls", [lacking(1, 0), lacking(2, 0)]],
    ["when a tenth of many records is missing", [lacking(1, 100), lacking(2, 100, ids(10))]],
    ["when two of three are", [lacking(1, 3), lacking(2, 3, ids(2))]],
    [
      "when a few more go each night",
      [lacking(1, 9), lacking(2, 9, ids(2)), lacking(3, 9, ids(4)), lacking(4, 9, ids(6))],
    ],
    ["when an operator has accepted it", [lacking(1, 9), lacking(2, 9, ids(9), { accepted: true })]],
    ["when it shows again what had gone", [lacking(1, 9), lacking(2, 9, ids(9)), lacking(3, 9, ids(2))]],
  ] satisfies [string, Listing[]][])("%s", (_when, listings) => {
    expect(hasShrunk(kept(...listings))).toBe(false);
  });

  test("when it lacks only what an operator has accepted", () => {
    const accepted = [lacking(1, 90), lacking(2, 90, ids(50), { accepted: true })];

    expect(hasShrunk(kept(...accepted, lacking(3, 90, ids(50))))).toBe(false);
    expect(hasShrunk(kept(...accepted, lacking(3, 90, ids(60))))).toBe(true);
  });

  test("when as many are missing as an operator has accepted, even if they are too many for the manifest", () => {
    const accepted = [lacking(1, 90_000), lackingMany(2, 90_000, 20_000, { accepted: true })];

    expect(hasShrunk(kept(...accepted, lackingMany(3, 90_000, 20_000)))).toBe(false);
    expect(hasShrunk(kept(...accepted, lackingMany(3, 90_000, 30_000)))).toBe(true);
  });
});

describe("records have vanished", () => {
  test("after two listings without them, not after one", () => {
    expect(vanishedIn(kept(lacking(1, 9), lacking(2, 9, ["b", "a"])))).toEqual([]);
    expect(vanishedIn(kept(lacking(1, 9), lacking(2, 9, ["b", "a"]), lacking(3, 9, ["a", "b", "c"])))).toEqual([
      "a",
      "b",
    ]);
  });

  test("no longer once a listing shows them again", () => {
    const gone = [lacking(1, 9), lacking(2, 9, ["a"]), lacking(3, 9, ["a"])];

    expect(vanishedIn(kept(...gone, lacking(4, 9)))).toEqual([]);
    expect(vanishedIn(kept(...gone, lacking(4, 9), lacking(5, 9, ["a"])))).toEqual([]);
  });

  test("and stay vanished after listings that are not believed, whether those show them or not", () => {
    const gone = [lacking(1, 40), lacking(2, 40, ["a"]), lacking(3, 40, ["a"])];

    expect(vanishedIn(kept(...gone, lacking(4, 40, ids(40))))).toEqual(["a"]);
  });

  test("after one listing that an operator has accepted and one more", () => {
    const accepted = lacking(2, 9, ids(9), { accepted: true });

    expect(vanishedIn(kept(lacking(1, 9), accepted))).toEqual([]);
    expect(vanishedIn(kept(lacking(1, 9), accepted, lacking(3, 9, ids(9))))).toEqual(ids(9));
  });
});

describe("with more listings than are kept,", () => {
  const shrunkNights = Array.from({ length: 12 }, (_, n) => lacking(10 + n, 40, ids(30)));
  const before = [lacking(1, 40), lacking(2, 40, ["a"]), lacking(3, 40, ["a"])];

  test("twelve nights of the same loss are still a loss, and earlier vanished records stay vanished", () => {
    const listings = kept(...before, ...shrunkNights);

    expect(listings.length).toBeLessThanOrEqual(10);
    expect(hasShrunk(listings)).toBe(true);
    expect(vanishedIn(listings)).toEqual(["a"]);
  });

  test("a loss ends when the records come back after twelve nights", () => {
    const listings = kept(...before, ...shrunkNights, lacking(30, 40, ["a"]));

    expect([hasShrunk(listings), vanishedIn(listings)]).toEqual([false, ["a"]]);
  });

  test("an accepted loss stays accepted as long as no more is missing", () => {
    const after = Array.from({ length: 12 }, (_, n) => lacking(10 + n, 40, ids(30)));

    const listings = kept(...before, lacking(4, 40, ids(30), { accepted: true }), ...after);

    expect(hasShrunk(listings)).toBe(false);
    expect(vanishedIn(listings)).toEqual([...ids(30)].sort());
  });

  test("records that went a few at a time stay vanished", () => {
    const fewByFew = [0, 2, 4, 6].map((count, n) => lacking(n, 10, ids(count)));
    const after = Array.from({ length: 12 }, (_, n) => lacking(10 + n, 10, ids(6)));

    const listings = kept(...fewByFew, ...after);

    expect([hasShrunk(listings), vanishedIn(listings)]).toEqual([false, ids(6)]);
  });
});

/** Some records come and go a few at a time, now and then many. */
const nights = fc
  .array(fc.record({ toggled: fc.subarray(ids(12), { maxLength: 3 }), none: fc.nat(9), accepted: fc.nat(9) }), {
    maxLength: 24,
  })
  .map((all) => {
    const isMissing = new Map<string, boolean>();
    return all.map(({ toggled, none, accepted }, n) => {
      for (const id of toggled) isMissing.set(id, !isMissing.get(id));
      const missing = ids(12).filter((id) => none === 0 || isMissing.get(id));
      return lacking(n, 12, missing, accepted === 0 ? { accepted: true } : {});
    });
  });

test("for any number of listings, the kept ones give the same result as all of them", () => {
  fc.assert(
    fc.property(nights, (all) => {
      const few = kept(...all);

      expect(hasShrunk(few)).toBe(hasShrunk(all));
      expect(vanishedIn(few)).toEqual(vanishedIn(all));
      expect(few.length).toBeLessThanOrEqual(10);
      expect(few.slice(-8).map(({ run }) => run)).toEqual(all.slice(-8).map(({ run }) => run));
    }),
    { numRuns: 500 },
  );
});

test("a second event for the same run's listing changes nothing", () => {
  fc.assert(
    fc.property(
      nights.filter((all) => all.length > 0 && all.length <= 8),
      (all) => {
        const few = kept(...all);

        expect(kept(...few, ...all)).toEqual(few);
      },
    ),
  );
});
