import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ArchiveStatus,
  archiveStatus,
  begunDay,
  type DayFacts,
} from "../../../shared/core/calls/archive-status.ts";
import { sumOfTotals } from "../../../shared/core/calls/day-totals.ts";
import { statusSentence } from "../../../shared/core/calls/status-sentence.ts";
import { addDays, daysBetween } from "../../../shared/core/time/days.ts";

const zero = sumOfTotals([]);
const closed: DayFacts = { isClosed: true, totals: { ...zero, calls: 10 }, standing: undefined, isDamaged: false };
const options = {
  now: new Date("2026-11-28T12:00:00Z"),
  timeZone: "UTC",
  retention: { daysToFetch: 90 },
  heavyPerMinute: 10,
};
/** An archive whose days from 1 Nov until before `to` are closed, with some days otherwise. */
function statusOf(to: string, others: Readonly<Record<string, DayFacts>> = {}): ArchiveStatus {
  const days = daysBetween("2026-11-01", to).map((day) => [day, closed] as const);
  return archiveStatus(new Map([...days, ...Object.entries(others)]), options);
}
const settled = statusOf("2026-11-27", { "2026-11-27": begunDay });
const withTotals = (totals: Partial<typeof zero>): ArchiveStatus => ({ ...settled, totals: { ...zero, ...totals } });

describe("the sentence", () => {
  test("names every state of recordings but stored, the worst first", () => {
    const status = withTotals({ stored: 9, pending: 2, notFound: 3, refused: 4, alreadyDeleted: 5, lost: 1 });

    expect(statusSentence(status, ["recordings-lost"])).toBe(
      "Complete to 26 Nov; 1 recording lost, 2 pending, 4 refused, 3 not found, 5 already deleted; see recordings-lost in docs/operations.md.",
    );
  });

  test("says that no day is complete", () => {
    expect(statusSentence(statusOf("2026-11-01", { "2026-11-27": begunDay }), [])).toBe(
      "No day is complete yet; nothing to do.",
    );
  });

  test("names a lone open day", () => {
    expect(statusSentence(statusOf("2026-11-27", { "2026-11-20": begunDay }), [])).toBe(
      "Complete to 19 Nov; 20 Nov is open; nothing to do.",
    );
  });

  test("counts several open days among closed ones", () => {
    const status = statusOf("2026-11-27", { "2026-11-20": begunDay, "2026-11-23": begunDay });

    expect(statusSentence(status, [])).toBe(
      "Complete to 19 Nov; 2 days between 20 Nov and 23 Nov are open; nothing to do.",
    );
  });

  test("says nothing of newest days that are open as usual, and counts more of them", () => {
    const openFrom = (day: string) =>
      statusOf(day, Object.fromEntries(daysBetween(day, "2026-11-28").map((each) => [each, begunDay])));

    expect(statusSentence(openFrom("2026-11-25"), [])).toBe("Complete to 24 Nov; nothing to do.");
    expect(statusSentence(openFrom("2026-11-24"), [])).toBe(
      "Complete to 23 Nov; the last 4 days are open; nothing to do.",
    );
  });

  test("says when no run has begun the newest days", () => {
    expect(statusSentence(statusOf("2026-11-27"), [])).toBe("Complete to 26 Nov; nothing to do.");
    expect(statusSentence(statusOf("2026-11-26"), ["did-not-run"])).toBe(
      "Complete to 25 Nov; no run has begun a day after 25 Nov; see did-not-run in docs/operations.md.",
    );
  });

  test("counts days without agreement, listings that shrank and damaged manifests", () => {
    const status = {
      ...withTotals({ unstable: 1 }),
      gauges: { ...settled.gauges, listingsShrunk: 2 },
      damaged: ["2026-11-02"],
    };

    expect(statusSentence(status, [])).toBe(
      "Complete to 26 Nov; 2 listings shrank; 1 day unstable; 1 manifest damaged; nothing to do.",
    );
  });

  test("writes the year of a day that is not of this year", () => {
    expect(statusSentence({ ...settled, today: "2027-01-02" }, [])).toBe("Complete to 26 Nov 2026; nothing to do.");
  });

  test("ends with nothing to do only if nothing is to do, and contains every number of a state", () => {
    const states = { lost: "lost", pending: "pending", refused: "refused", notFound: "not found" } as const;
    const totals = fc.record({ lost: fc.nat(99), pending: fc.nat(99), refused: fc.nat(99), notFound: fc.nat(99) });
    fc.assert(
      fc.property(totals, fc.array(fc.constantFrom("days-open", "recordings-lost")), (given, toDo) => {
        const sentence = statusSentence(withTotals(given), toDo);

        expect(sentence.endsWith("; nothing to do.")).toBe(toDo.length === 0);
        for (const [name, words] of Object.entries(states)) {
          const count = given[name as keyof typeof states];
          const counts = [...sentence.matchAll(new RegExp(`(\\d+) (?:recordings? )?${words}`, "g"))].map(([, n]) => n);
          expect(counts).toEqual(count > 0 ? [`${count}`] : []);
        }
      }),
    );
  });

  test("is one sentence for every archive, and claims no day complete that is not closed", () => {
    const facts = fc.constantFrom<DayFacts>(closed, begunDay);
    fc.assert(
      fc.property(fc.array(facts, { minLength: 1, maxLength: 30 }), (days) => {
        const status = archiveStatus(new Map(days.map((day, place) => [addDays("2026-11-01", place), day])), options);
        const sentence = statusSentence(status, []);

        expect(sentence).toMatch(/^[A-Z][^.]*\.$/);
        const complete = days.findIndex(({ isClosed }) => !isClosed);
        const completeDays = complete < 0 ? days.length : complete;
        if (completeDays === 0) expect(sentence).toMatch(/^No day is complete yet/);
        else expect(sentence.startsWith(`Complete to ${completeDays} Nov;`)).toBe(true);
      }),
    );
  });
});
