import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { archiveStatus, type DayFacts } from "../../../shared/core/calls/archive-status.ts";
import { sumOfTotals } from "../../../shared/core/calls/day-totals.ts";
import { morningNote } from "../../../shared/core/calls/morning-note.ts";

const limits = {
  timeZone: "UTC",
  retention: { daysToFetch: 90 },
  heavyPerMinute: 10,
  now: new Date("2026-11-28T07:00:00Z"),
};
const totals = { ...sumOfTotals([]), calls: 3_912, stored: 1, lost: 2 };
const closed: DayFacts = { isClosed: true, totals, standing: undefined, isDamaged: false };
const complete = archiveStatus(new Map([["2026-11-26", closed]]), limits);

const acme = { stack: "nightshift-acme", buildsPages: true };

describe("the morning note", () => {
  test("has the status as its first sentence, then the last complete day, then its page and where to read on", () => {
    const sentence = "Complete to 26 Nov; nothing to do.";

    expect(morningNote(acme, sentence, complete)).toEqual({
      subject: "nightshift-acme: Complete to 26 Nov; nothing to do.",
      text: `${sentence}\n26 Nov: 3,912 calls, 1 recording, 2 lost.\n\nIts page: npx nightshift page 2026-11-26 --stack acme\nMore: npx nightshift status --stack acme`,
    });
  });

  test("names no page where none are built", () => {
    expect(morningNote({ ...acme, buildsPages: false }, "Complete.", complete).text).toBe(
      "Complete.\n26 Nov: 3,912 calls, 1 recording, 2 lost.\n\nMore: npx nightshift status --stack acme",
    );
  });

  test("leaves the day out if none is complete yet", () => {
    const nothing = archiveStatus(new Map(), limits);

    expect(morningNote(acme, "No day is complete yet.", nothing).text).toBe(
      "No day is complete yet.\n\nMore: npx nightshift status --stack acme",
    );
  });

  test("has a subject that SNS takes, whatever the stack and the sentence are: ASCII, fewer than 100 characters", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 128, unit: "grapheme" }), fc.string({ maxLength: 200 }), (stack, sentence) => {
        const { subject } = morningNote({ ...acme, stack: `nightshift-${stack}` }, sentence, complete);

        expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
      }),
    );
  });

  test("keeps a subject of 99 characters, and shortens one of 100", () => {
    const of = (length: number) =>
      morningNote({ ...acme, stack: "n" }, "x".repeat(length - "n: ".length), complete).subject;

    expect(of(99)).toBe(`n: ${"x".repeat(96)}`);
    expect(of(100)).toBe(`n: ${"x".repeat(93)}...`);
  });
});
