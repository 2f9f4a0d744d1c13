import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextParts, type Rotation, rotationParts } from "../../shared/core/rotation.ts";
import { addDays, type Day } from "../../shared/core/time/days.ts";

const first = "2026-11-01";

/** Runs on the given nights, by their number from the first; returns the parts of each. */
function runOn(nights: readonly number[]): (readonly number[])[] {
  let previous: { readonly day: Day; readonly rotation: Rotation } | undefined;
  return nights.map((night) => {
    const day = addDays(first, night);
    const { parts, rotation } = nextParts(day, previous);
    previous = { day, rotation };
    return parts;
  });
}

const nightly = (count: number) => Array.from({ length: count }, (_, night) => night);

describe("in a rotation", () => {
  test("28 undisturbed nights read every part once, and the 29th begins again", () => {
    const parts = runOn(nightly(29)).flat();

    expect(new Set(parts.slice(0, 28)).size).toBe(rotationParts);
    expect(parts).toHaveLength(29);
    expect(parts[28]).toBe(parts[0]);
  });

  test("nights without a run are caught up, at most seven parts a night", () => {
    const [before, gap, after, last] = runOn([0, 10, 11, 12]);

    expect([before?.length, gap?.length, after?.length, last?.length]).toEqual([1, 7, 4, 1]);
    expect(new Set([before, gap, after, last].flat()).size).toBe(13);
  });

  test("a second run of a day reads the next part, and owes nothing", () => {
    expect(runOn([0, 0, 1])).toHaveLength(3);
    expect(runOn([0, 0, 1]).map((parts) => parts.length)).toEqual([1, 1, 1]);
  });

  test("an operator may read as many parts as there are", () => {
    const { parts, rotation } = nextParts(first, undefined, rotationParts);

    expect([...parts].sort((a, b) => a - b)).toEqual(nightly(rotationParts).map((index) => index + 1));
    expect(rotation.owed).toBe(0);
  });

  test("whatever nights are missed, every part is read within 28 nights and the time to catch up", () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(gaps, (lengths) => {
        let night = 0;
        const nights = lengths.map((length) => (night += length));
        const runs = runOn(nights);
        const lastRead = new Map<number, number>();
        for (const [index, parts] of runs.entries()) {
          for (const part of parts) {
            const before = lastRead.get(part);
            // A part comes again after 28 nights, or as soon as the next run after them.
            if (before !== undefined) expect((nights[index] ?? 0) - before).toBeLessThanOrEqual(rotationParts + 6);
            lastRead.set(part, nights[index] ?? 0);
          }
        }
        expect(lastRead.size).toBe(rotationParts);
      }),
    );
  });

  test("parts and position always lie between 1 and 28, and no part comes twice in a night", () => {
    const rotation = fc.record({
      next: fc.integer({ min: 1, max: rotationParts }),
      owed: fc.integer({ min: 0, max: rotationParts }),
    });
    fc.assert(
      fc.property(rotation, fc.integer({ min: 0, max: 500 }), (before, nights) => {
        const { parts, rotation: after } = nextParts(addDays(first, nights), { day: first, rotation: before });

        for (const part of [...parts, after.next]) expect(part >= 1 && part <= rotationParts).toBe(true);
        expect(new Set(parts).size).toBe(parts.length);
        expect(after.owed >= 0 && after.owed <= rotationParts).toBe(true);
      }),
    );
  });
});
