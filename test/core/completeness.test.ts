import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completeness } from "../../shared/core/completeness.ts";
import { addDays, type Day, daysBetween } from "../../shared/core/time/days.ts";

const start = "2026-02-20";
const dayAt = (place: number) => addDays(start, place);

/** Days around two ends of months, each closed, open or missing. */
const calendars = fc.array(fc.constantFrom("closed", "open", "missing"), { maxLength: 50 }).map((states) => {
  const daysOf = (state: string) => new Set(states.flatMap((each, place) => (each === state ? [dayAt(place)] : [])));
  return { closed: daysOf("closed"), open: daysOf("open") };
});
const earliest = (days: Iterable<Day>) => [...days].sort()[0];
const latest = (days: Iterable<Day>) => [...days].sort().at(-1);

describe("`completeness`", () => {
  test("of no days is nothing", () => {
    expect(completeness(new Set(), new Set())).toEqual({
      ...{ first: undefined, last: undefined, completeTo: undefined },
      ...{ gaps: [], openAtEnd: 0, closed: 0, open: 0 },
    });
  });

  test("ends before the first day that is open, however many later ones are closed", () => {
    const days = completeness(new Set(["2026-11-01", "2026-11-03", "2026-11-04"]), new Set(["2026-11-02"]));

    expect(days).toMatchObject({ completeTo: "2026-11-01", gaps: ["2026-11-02"], openAtEnd: 0 });
  });

  test("is nothing if the first day is open", () => {
    expect(completeness(new Set(["2026-11-02"]), new Set(["2026-11-01"])).completeTo).toBeUndefined();
  });

  test("means that every day from the first to it is closed, and the next is not", () => {
    fc.assert(
      fc.property(calendars, ({ closed, open }) => {
        const { first = "", completeTo } = completeness(closed, open);
        if (completeTo === undefined) expect(closed.has(first)).toBe(false);
        else {
          expect(daysBetween(first, addDays(completeTo, 1)).filter((day) => !closed.has(day))).toEqual([]);
          expect(closed.has(addDays(completeTo, 1))).toBe(false);
        }
      }),
    );
  });

  test("counts each open day once, in a gap or at the end", () => {
    fc.assert(
      fc.property(calendars, ({ closed, open }) => {
        const { gaps, openAtEnd, first, last } = completeness(closed, open);

        expect(gaps.filter((day) => open.has(day)).length + openAtEnd).toBe(open.size);
        expect([first, last]).toEqual([earliest([...closed, ...open]), latest([...closed, ...open])]);
      }),
    );
  });
});
