import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCallRecord } from "../../../shared/core/calls/call-record.ts";
import { mergeRecords } from "../../../shared/core/calls/merge-records.ts";
import { createRecordBuffer } from "../../../shared/jobs/archive-calls/record-buffer.ts";
import { lineOf } from "../../../shared/storage/record-lines.ts";
import { versions } from "../../support/core/call-records.ts";

test("for any records in any order, the lines equal their merge in memory", () => {
  fc.assert(
    fc.property(versions, (all) => {
      const collection = createRecordBuffer();
      for (const record of all) collection.add(record);

      const merged = mergeRecords([], all);
      expect(collection.lines()).toEqual(merged.map(lineOf));
      expect(collection.count()).toBe(merged.length);
    }),
  );
});

test("records without an id are distinguished by their whole content", () => {
  const collection = createRecordBuffer();
  for (const duration of [1, 2, 1]) collection.add(parseCallRecord({ startTime: "x", duration }));

  expect(collection.lines()).toEqual([1, 2].map((duration) => JSON.stringify({ startTime: "x", duration })));
});
