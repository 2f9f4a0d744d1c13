import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCallRecord } from "../../../shared/core/calls/call-record.ts";
import { type CallQuery, matchesCall } from "../../../shared/core/calls/match-call.ts";

const call = parseCallRecord({
  ...{ id: "r1", sessionId: "1001", telephonySessionId: "s-1001" },
  from: { phoneNumber: "+16505550100", name: "5550199" },
  to: { phoneNumber: "101", extensionNumber: "101", extensionId: "6001" },
  extension: { id: 7001 },
  recording: { id: "11" },
  legs: [
    { from: { phoneNumber: "+442079460018" }, recording: { id: "12" }, extension: { id: "7002" } },
    { to: { extensionNumber: "102" }, telephonySessionId: "s-1002" },
    { kept: true, recording: { id: "13" } },
  ],
});
const matches = (query: CallQuery) => matchesCall(call, query);

describe("a call matches a search", () => {
  const rows: readonly [string, CallQuery][] = [
    ["with no condition", {}],
    ["by its id", { record: "r1" }],
    ["by its session", { session: "1001" }],
    ["by its telephony session", { session: "s-1001" }],
    ["by the telephony session of a leg", { session: "s-1002" }],
    ["by its recording", { recording: "11" }],
    ["by a leg's recording", { recording: "12" }],
    ["by a recording that only an earlier version named", { recording: "13" }],
    ["by the number of either side", { number: "+16505550100" }],
    ["by a number on a leg", { number: "+442079460018" }],
    ["by a short number, whole", { number: "101" }],
    ["by the number of an extension", { extension: "101" }],
    ["by the number of a leg's extension", { extension: "102" }],
    ["by the id of a party's extension", { extension: "6001" }],
    ["by the id of its own extension, even if it is a number", { extension: "7001" }],
    ["by the id of a leg's extension", { extension: "7002" }],
    ["by everything at once", { record: "r1", session: "1001", recording: "12", number: "5550100", extension: "102" }],
  ];

  test.each(rows)("%s", (_how, query) => {
    expect(matches(query)).toBe(true);
  });
});

describe("a call does not match a search", () => {
  const rows: readonly [string, CallQuery][] = [
    ["by a part of an id", { record: "r" }],
    ["by its record's id as a session", { session: "r1" }],
    ["by a session as a record", { record: "1001" }],
    ["by a recording's id as a record", { record: "11" }],
    ["by another recording", { recording: "1" }],
    ["by a phone number as an extension", { extension: "+16505550100" }],
    ["by a part of an extension", { extension: "10" }],
    ["by a number without digits", { number: "anonymous" }],
    ["by no number", { number: "" }],
    ["by the end of a number that is too short to mean one", { number: "550100" }],
    ["by the beginning of a number", { number: "+1650555" }],
    ["by a name that looks like a number", { number: "5550199" }],
    ["where one of several conditions fails", { record: "r1", recording: "14" }],
  ];

  test.each(rows)("%s", (_how, query) => {
    expect(matches(query)).toBe(false);
  });

  test("by a field that the record lacks", () => {
    const odd = parseCallRecord("odd");

    for (const query of [{ session: "1" }, { recording: "1" }, { number: "5550100" }, { extension: "101" }])
      expect(matchesCall(odd, query)).toBe(false);
  });
});

const digits = (length: { minLength: number; maxLength: number }) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), ...length });
const callFrom = (phoneNumber: string) => parseCallRecord({ id: "r", from: { phoneNumber } });
/** Characters that users write between digits. */
const between = fc.constantFrom("", " ", "-", ".", " (", ") ", "/", "\u00a0", "+");

describe("a searched phone number", () => {
  test("matches however it is written", () => {
    const spellings = digits({ minLength: 1, maxLength: 15 }).chain((number) =>
      fc
        .array(between, { minLength: number.length, maxLength: number.length })
        .map((separators) => ({ number, spelled: [...number].map((digit, n) => `${separators[n]}${digit}`).join("") })),
    );

    fc.assert(
      fc.property(spellings, ({ number, spelled }) => {
        expect(matchesCall(callFrom(`+${number}`), { number: spelled })).toBe(true);
      }),
    );
  });

  test("matches by its end, if that has seven digits or is the whole number", () => {
    fc.assert(
      fc.property(digits({ minLength: 1, maxLength: 15 }), fc.nat({ max: 14 }), (number, cut) => {
        const end = number.slice(Math.min(cut, number.length - 1));

        expect(matchesCall(callFrom(number), { number: end })).toBe(end.length >= 7 || end === number);
      }),
    );
  });

  test.each(["0221 4567890", "+49 (0)221 4567890", "0049 221 4567890"])(
    "matches in national notation: %s",
    (number) => {
      expect(matchesCall(callFrom("+492214567890"), { number })).toBe(true);
    },
  );

  test("matches no number that does not end with it", () => {
    fc.assert(
      fc.property(digits({ minLength: 1, maxLength: 15 }), digits({ minLength: 1, maxLength: 15 }), (number, other) => {
        fc.pre(!number.endsWith(other.replace(/^0+/, "")));

        expect(matchesCall(callFrom(number), { number: other })).toBe(false);
      }),
    );
  });
});

test("conditions given together match exactly if each of them matches alone", () => {
  const value = <T extends string>(...values: readonly T[]) =>
    fc.option(fc.constantFrom(...values), { nil: undefined });
  const queries = fc.record({
    record: value("r1", "r2"),
    session: value("1001", "s-1001", "1002"),
    recording: value("11", "12", "14"),
    number: value("6505550100", "+442079460018", "5550199"),
    extension: value("101", "7001", "103"),
  });

  fc.assert(
    fc.property(queries, (query) => {
      const alone = Object.entries(query).map(([name, wanted]) => matches({ [name]: wanted }));

      expect(matches(query)).toBe(alone.every(Boolean));
    }),
  );
});
