import fc from "fast-check";
import { expect, test } from "vitest";
import { type CallRecord, isTooShort, recordingReferences } from "../../../shared/core/calls/call-record.ts";
import { mergeRecords } from "../../../shared/core/calls/merge-records.ts";
import { recordingOf, recordOf, versions } from "../../support/core/call-records.ts";

const old = "2026-11-01T10:00:00.000Z";
const recent = "2026-11-01T11:00:00.000Z";
const idsNamedBy = (records: readonly CallRecord[]) => new Set(recordingReferences(records).map(({ id }) => id));

test("a recording that a newer version lacks is kept, when read and when stored", () => {
  const earlier = [recordOf({ id: "a", lastModifiedTime: old, recording: recordingOf("r1") })];
  const later = [recordOf({ id: "a", lastModifiedTime: recent, deleted: true })];

  const [merged] = mergeRecords(earlier, later);

  expect(merged?.fields).toMatchObject({ deleted: true, recording: { id: "r1" } });
  expect(merged?.raw).toMatchObject({ deleted: true, recording: { id: "r1" }, unknownToUs: { id: "a" } });
});

test("a recording that a newer version's leg lacks is kept on that leg", () => {
  const legs = [{}, { recording: recordingOf("r2") }];
  const earlier = [recordOf({ id: "a", lastModifiedTime: old, legs })];
  const later = [recordOf({ id: "a", lastModifiedTime: recent, legs: [{}, {}] })];

  const [merged] = mergeRecords(earlier, later);

  expect(merged?.fields).toMatchObject({ legs });
  expect(merged?.raw).toMatchObject({ legs });
});

test("a newer version's recording stands in its place, and the older one is kept on its own leg", () => {
  const earlier = [recordOf({ id: "a", lastModifiedTime: old, recording: recordingOf("r1") })];
  const later = [recordOf({ id: "a", lastModifiedTime: recent, recording: recordingOf("r2") })];

  const [merged] = mergeRecords(earlier, later);

  const kept = { recording: recordingOf("r2"), legs: [{ recording: recordingOf("r1"), kept: true }] };
  expect(merged?.fields).toMatchObject(kept);
  expect(merged?.raw).toMatchObject(kept);
});

test("an older version that comes later does not replace the newer", () => {
  const newer = [recordOf({ id: "a", lastModifiedTime: recent, result: "Accepted" })];
  const older = [recordOf({ id: "a", lastModifiedTime: old, result: "Missed" })];

  const [merged] = mergeRecords(newer, older);

  expect(merged?.fields.result).toBe("Accepted");
});

test("of two versions that changed at the same time, the later to come is used", () => {
  const [merged] = mergeRecords(
    [recordOf({ id: "a", result: "In Progress" })],
    [recordOf({ id: "a", result: "Missed" })],
  );

  expect(merged?.fields.result).toBe("Missed");
});

test("a second merge of the same versions changes nothing", () => {
  fc.assert(
    fc.property(versions, versions, (earlier, later) => {
      const merged = mergeRecords(earlier, later);

      expect(mergeRecords(merged, later)).toEqual(merged);
      expect(mergeRecords(merged, merged)).toEqual(merged);
    }),
  );
});

test("the order in which versions come makes no difference", () => {
  const shuffled = versions.chain((records) =>
    fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length })),
  );
  fc.assert(
    fc.property(shuffled, fc.nat({ max: 14 }), ([records, others], cut) => {
      const inOneGo = mergeRecords([], records);

      expect(mergeRecords(others.slice(0, cut), others.slice(cut))).toEqual(inOneGo);
    }),
  );
});

test("every call and every recording of any version is referenced afterwards", () => {
  fc.assert(
    fc.property(versions, versions, (earlier, later) => {
      const merged = mergeRecords(earlier, later);

      expect(new Set(merged.map(({ fields }) => fields.id))).toEqual(
        new Set([...earlier, ...later].map(({ fields }) => fields.id)),
      );
      expect(idsNamedBy(merged)).toEqual(idsNamedBy([...earlier, ...later]));
    }),
  );
});

test("records are sorted by start and then by id, each once", () => {
  fc.assert(
    fc.property(versions, versions, (earlier, later) => {
      const keys = mergeRecords(earlier, later).map(({ fields }) => `${fields.startTime} ${fields.id}`);

      expect(keys).toEqual([...new Set(keys)].sort());
    }),
  );
});

test("a recording that several legs and calls reference is counted once, for the first call", () => {
  const shared = recordingOf("r1");
  const records = [
    recordOf({ id: "a", recording: shared, legs: [{ recording: shared }, { recording: recordingOf("r2") }] }),
    recordOf({ id: "b", recording: shared }),
  ];

  const references = recordingReferences(records);

  expect(references.map(({ id, callId }) => [id, callId])).toEqual([
    ["r1", "a"],
    ["r2", "a"],
  ]);
});

test.each([
  ["the call says so", { shortRecording: true }, true],
  ["a leg says so", { legs: [{}, { shortRecording: true }] }, true],
  [
    "a leg says so but another has a recording",
    { legs: [{ shortRecording: true }, { recording: recordingOf("r") }] },
    false,
  ],
  ["neither call nor leg says so", { legs: [{}] }, false],
])("a call is too short to be recorded when %s: %o", (_why, fields, expected) => {
  expect(isTooShort(recordOf({ id: "a", ...fields }))).toBe(expected);
});
