import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CallRecord, parseCallRecord, recordingReferences } from "../../../shared/core/calls/call-record.ts";
import { mergeRecords } from "../../../shared/core/calls/merge-records.ts";
import { recordingOf, versions } from "../../support/core/call-records.ts";

const idsOf = (record: CallRecord | undefined) => recordingReferences(record ? [record] : []).map(({ id }) => id);
const idsNamed = (records: readonly CallRecord[]) => new Set(records.flatMap(idsOf));
/** The record as it would be read from where it is stored. */
const storedAndRead = ({ raw }: CallRecord) => parseCallRecord(JSON.parse(JSON.stringify(raw)));
const version = (minute: number, fields: object) =>
  parseCallRecord({ id: "a", startTime: "x", lastModifiedTime: `2026-11-01T10:${minute}:00Z`, ...fields });
const [r1, r2, r3] = ["r1", "r2", "r3"].map(recordingOf);

describe("a recording that only an older version references", () => {
  test.each([
    [
      "back where it stood, if that place is free",
      { recording: r1 },
      { deleted: true },
      { deleted: true, recording: r1 },
    ],
    [
      "back on its leg, if that is free",
      { legs: [{}, { recording: r1 }] },
      { legs: [{}, { n: 2 }] },
      { legs: [{}, { n: 2, recording: r1 }] },
    ],
    [
      "on a leg of its own, where its place is taken",
      { recording: r1 },
      { recording: r2 },
      { recording: r2, legs: [{ recording: r1, kept: true }] },
    ],
    [
      "on a leg of its own, where its leg is gone",
      { legs: [{}, { recording: r1 }] },
      { legs: [{}] },
      { legs: [{}, { recording: r1, kept: true }] },
    ],
    [
      "on a leg of its own, where there are no legs",
      { legs: [{ recording: r1 }] },
      { legs: null },
      { legs: [{ recording: r1, kept: true }] },
    ],
    [
      "beside legs of another form, which are kept",
      { recording: r1 },
      { recording: r2, legs: "none" },
      { recording: r2, legs: [["none"], { recording: r1, kept: true }] },
    ],
    [
      "beside legs that are nothing, which are kept",
      { recording: r1 },
      { recording: r2, legs: [null] },
      { recording: r2, legs: [null, { recording: r1, kept: true }] },
    ],
    [
      "though it stood among legs that are nothing",
      { legs: [null, { recording: r1 }] },
      { legs: [null, {}] },
      { legs: [null, { recording: r1 }] },
    ],
    [
      "not where it moved to another leg",
      { legs: [{ recording: r1 }, {}] },
      { legs: [{}, { recording: r1 }] },
      { legs: [{}, { recording: r1 }] },
    ],
    [
      "behind the record's own legs, by id",
      { legs: [{ recording: r3 }, { recording: r1, kept: true }] },
      { legs: [{ recording: r2 }] },
      { legs: [{ recording: r2 }, { recording: r1, kept: true }, { recording: r3, kept: true }] },
    ],
    [
      "though its id is a number",
      { recording: { id: 7 } },
      { recording: r2 },
      { recording: r2, legs: [{ recording: { id: 7 }, kept: true }] },
    ],
    [
      "not where the newer has the same id as text",
      { recording: { id: 7 } },
      { legs: [{ recording: { id: "7" } }] },
      { legs: [{ recording: { id: "7" } }] },
    ],
    [
      "on its leg of its own, though the newer has another leg in that place",
      { legs: [{}, { recording: r1, kept: true }] },
      { legs: [{}, { n: 2 }] },
      { legs: [{}, { n: 2 }, { recording: r1, kept: true }] },
    ],
    [
      "nowhere, where it has no id",
      { recording: { contentUri: "https://media.example.com" } },
      { deleted: true },
      { deleted: true },
    ],
  ])("is kept %s", (_where, older, newer, expected) => {
    const [merged] = mergeRecords([version(10, older)], [version(20, newer)]);

    expect(merged?.raw).toEqual({ ...(version(20, {}).raw as object), ...expected });
    expect(merged && idsOf(storedAndRead(merged))).toEqual(idsOf(merged));
  });
});

const recordings = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(r1, r2, r3, { id: 1 }, { id: 2, contentUri: "x" }, { id: "2" }) },
  fc.constantFrom<unknown>(null, "r1", {}, { id: "" }, { id: null }, { id: ["r1"] }, { contentUri: "x" }),
);
const leg = fc.oneof(
  { weight: 6, arbitrary: fc.record({ recording: recordings, n: fc.nat(3) }, { requiredKeys: [] }) },
  fc.constantFrom<unknown>(null, 7, "leg", [], [{ recording: r1 }], { legs: [{ recording: r2 }] }),
);
/** A kept leg, which only we add, behind a record's own legs. */
const keptLeg = fc.record({ recording: recordings, kept: fc.constant(true) });
/** Versions of one call, of any shape, oldest first. */
const versionsWith = (legs: fc.Arbitrary<unknown>) => {
  const others = fc.constantFrom<unknown>(null, "none", 0, {}, { 0: { recording: r1 } });
  const anyLegs = fc.oneof({ weight: 8, arbitrary: fc.array(legs, { maxLength: 4 }) }, others);
  const fields = fc.record({ recording: recordings, legs: anyLegs }, { requiredKeys: [] });
  return fc
    .array(fields, { minLength: 1, maxLength: 5 })
    .map((all) => all.map((each, n) => version(10 + n, each)))
    .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
};
const wild = versionsWith(leg);
const wildAndOurs = versionsWith(fc.oneof(leg, keptLeg));
const merge = (all: readonly CallRecord[]) => mergeRecords([], all);

describe("for versions of any form, in any order,", () => {
  test("every recording that any of them references is referenced, when read and when stored", () => {
    fc.assert(
      fc.property(wildAndOurs, ([all, shuffled]) => {
        const merged = merge(shuffled);

        expect(idsNamed(merged)).toEqual(idsNamed(all));
        expect(idsNamed(merged.map(storedAndRead))).toEqual(idsNamed(all));
      }),
      { numRuns: 500 },
    );
  });

  test("the merged record has the same references before and after it is stored", () => {
    fc.assert(
      fc.property(wildAndOurs, ([, shuffled]) => {
        const merged = merge(shuffled);

        expect(merged.map(storedAndRead)).toEqual(merged);
      }),
      { numRuns: 500 },
    );
  });

  test("a second merge of the same versions changes nothing", () => {
    fc.assert(
      fc.property(wild, ([all, shuffled]) => {
        const merged = merge(shuffled);

        expect(mergeRecords(merged, merged)).toEqual(merged);
        expect(mergeRecords(merged, all.slice(-1))).toEqual(merged);
        expect(mergeRecords(all.slice(-1), merged)).toEqual(merged);
      }),
      { numRuns: 500 },
    );
  });
});

test("if only the places of recordings change, the order of versions makes no difference", () => {
  const pairs = versions.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  );
  fc.assert(
    fc.property(pairs, ([all, shuffled]) => {
      expect(merge(shuffled)).toEqual(merge(all));
    }),
  );
});
