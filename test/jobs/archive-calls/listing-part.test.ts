import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { newFolder } from "../../../lab/aws/trial/lab-under-test.ts";
import { toBody } from "../../../shared/aws/bucket.ts";
import type { CallRecord } from "../../../shared/core/calls/call-record.ts";
import { mergeRecords } from "../../../shared/core/calls/merge-records.ts";
import {
  createListingPart,
  type ListingPartHead,
  readListingPart,
} from "../../../shared/jobs/archive-calls/listing-part.ts";
import { createRecordBuffer } from "../../../shared/jobs/archive-calls/record-buffer.ts";
import { openS3 } from "../../support/aws/open-s3.ts";
import { recordingOf, recordOf } from "../../support/core/call-records.ts";
import { jobErrorOf } from "../../support/ringcentral/open-client.ts";
import { all } from "../../support/storage/streams.ts";

const key = "listings/1.jsonl.gz";
const more: ListingPartHead = { at: "2026-11-03T03:00:00.000Z", pages: 2, next: "https://platform.example.com/page/3" };
const { next, ...last } = more;
const old = recordOf({ id: "a", lastModifiedTime: "2026-11-01T10:00:00Z", recording: recordingOf("r1") });
const newer = recordOf({ id: "a", lastModifiedTime: "2026-11-01T11:00:00Z", startTime: "2026-11-01T09:00:00.000Z" });
const records = [recordOf({ id: "c" }), old, recordOf({ id: "b" }), newer, recordOf({ id: "c" })];

/** The records as a listing collects them. */
function collected(all: readonly CallRecord[]) {
  const collection = createRecordBuffer();
  for (const record of all) collection.add(record);
  return collection;
}

describe("a listing part is ignored, so that its pages are read again, if it has", () => {
  test.each([
    ["no gzip", Buffer.from("{}")],
    ["gzip that was cut off within its head", gzipSync(JSON.stringify(more)).subarray(0, 20)],
    ["a head of another form", gzipSync('{"at":7}\n')],
    ["a record in place of its head", gzipSync('{"id":"a"}\n')],
    ["nothing", gzipSync("")],
  ])("%s", async (_what, body) => {
    const { state } = await openS3();
    await state.put(key, toBody(body), "application/gzip");

    expect(await readListingPart(state, key)).toBeUndefined();
  });

  test("no object", async () => {
    const { state } = await openS3();

    expect(await readListingPart(state, key)).toBeUndefined();
  });
});

// Random hex compresses to half its length.
test.each([
  [400_000, 0],
  [600_000, 1],
])("a part with a text of %i characters that compress to half makes files in /tmp: %i", async (characters, files) => {
  const { state } = await openS3();
  vi.stubEnv("TMPDIR", await newFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
  const note = randomBytes(characters / 2).toString("hex");

  const part = await createListingPart(state, key, last, collected([recordOf({ id: "a", note })]));

  expect(await readdir(tmpdir())).toHaveLength(files);
  await part.discard();
});

test("a part with damaged records fails when they are read", async () => {
  const { state } = await openS3();
  await state.put(key, toBody(gzipSync(`${JSON.stringify(more)}\n{"id":"a"}\n{"id"`)), "application/gzip");

  const part = await readListingPart(state, key);

  expect(part?.head).toEqual(more);
  const read = part ? all(part.records()) : Promise.resolve([]);
  expect(await jobErrorOf(read)).toMatchObject({ code: "STORAGE_INVALID", details: { key } });
  await part?.discard();
});

test("a part has its records sorted, each once in its newest version, with references that this version lost", async () => {
  const { state } = await openS3();

  const part = await createListingPart(state, key, more, collected(records));

  expect(await all(part.records())).toEqual(mergeRecords([], records));
  expect((await all(part.records())).map(({ fields }) => fields.id)).toEqual(["a", "b", "c"]);
  await part.discard();
});

test("a stored part equals the created one, and can be read more than once", async () => {
  const { state } = await openS3();
  const made = await createListingPart(state, key, more, collected(records));

  const part = await readListingPart(state, key);

  expect(part?.head).toEqual(more);
  const read = part ? [await all(part.records()), await all(part.records())] : [];
  expect(read).toEqual([await all(made.records()), await all(made.records())]);
  await made.discard();
  await part?.discard();
});

test("the last part of a listing is used at once and not stored", async () => {
  const { aws, state } = await openS3();

  const part = await createListingPart(state, key, last, collected(records));

  expect(await all(part.records())).toEqual(mergeRecords([], records));
  expect(aws.counters().puts.stored).toBe(0);
  await part.discard();
});

test("a part without records is a valid part", async () => {
  const { state } = await openS3();
  const made = await createListingPart(state, key, more, collected([]));

  const part = await readListingPart(state, key);

  expect(part && [part.head, await all(part.records())]).toEqual([more, []]);
  await made.discard();
  await part?.discard();
});
