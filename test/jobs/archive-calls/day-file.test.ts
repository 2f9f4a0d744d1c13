import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type Bucket, toBody } from "../../../shared/aws/bucket.ts";
import { mergeIntoDayFile } from "../../../shared/jobs/archive-calls/day-file.ts";
import { anyVersion, dayKey, mergeDay, partsOf, readDay } from "../../support/archive-calls/merge-day.ts";
import { recordingOf, recordOf } from "../../support/core/call-records.ts";
import { errorOf, jobErrorOf } from "../../support/ringcentral/open-client.ts";
import { openArchive } from "../../support/storage/archive-world.ts";

/** Returns a bucket in which `others` runs just before our next write. */
function whenWriting(archive: Bucket, others: () => Promise<unknown>, times = 1): Bucket {
  let left = times;
  return {
    ...archive,
    replace: async (...write) => {
      if (left-- > 0) await others();
      return archive.replace(...write);
    },
  };
}

describe("a day's file stays unchanged", () => {
  test("if it is damaged, and the error names it", async () => {
    const { aws, archive } = await openArchive();
    await archive.put(dayKey, toBody(gzipSync('{"id":"a"}\n').subarray(0, -5)), "application/gzip");

    const error = await jobErrorOf(mergeDay(archive, [recordOf({ id: "b" })]));

    expect(error).toMatchObject({ code: "STORAGE_INVALID", details: { key: dayKey } });
    expect(aws.counters().puts.stored).toBe(1);
  });

  test("if a part of the listing breaks off", async () => {
    const { aws, archive } = await openArchive();
    const broken = async function* () {
      yield recordOf({ id: "a" });
      throw new Error("the disk broke");
    };

    const error = await errorOf(
      mergeIntoDayFile(archive, dayKey, { parts: [...partsOf([recordOf({ id: "b" })]), broken], intents: anyVersion }),
    );

    expect([error.message, aws.counters().puts.stored]).toEqual(["the disk broke", 0]);
  });

  test("if others keep writing it, and the next run may try", async () => {
    const { archive } = await openArchive();
    let writes = 0;
    const busy = whenWriting(archive, () => mergeDay(archive, [recordOf({ id: `other ${writes++}` })]), 99);

    expect(await jobErrorOf(mergeDay(busy, [recordOf({ id: "a" })]))).toMatchObject({
      code: "STORAGE_FAILED",
      retryable: true,
    });
    expect((await readDay(archive)).map(({ fields }) => fields.id)).not.toContain("a");
  });

  test("if the same is listed again, and is not written a second time", async () => {
    const { aws, archive } = await openArchive();
    const records = ["a", "b", "c"].map((id) => recordOf({ id }));
    const first = await mergeDay(archive, records);

    const again = await mergeDay(archive, records.slice(1), records.slice(0, 1), []);

    expect(again).toEqual(first);
    expect(aws.counters().requests.PutObject).toBe(1);
  });

  test("if nothing is listed any more, and missing calls are reported", async () => {
    const { aws, archive } = await openArchive();
    const { file } = await mergeDay(archive, [recordOf({ id: "a" }), recordOf({ id: "b" })]);

    const after = await mergeDay(archive, []);

    expect(after.file).toEqual(file);
    expect(after.facts.listing).toMatchObject({ records: 0, archived: 2, missing: 2, missingIds: ["a", "b"] });
    expect(aws.counters().requests.PutObject).toBe(1);
  });
});

test("a day without calls has no file", async () => {
  const { aws, archive } = await openArchive();

  const { file, facts } = await mergeDay(archive, [], []);

  expect([file, facts.counts.records, aws.counters().puts.stored]).toEqual([undefined, 0, 0]);
  expect(await readDay(archive)).toEqual([]);
});

test("a file whose write got no response is written once", async () => {
  const { aws, archive } = await openArchive();
  aws.plan({ on: { operation: "PutObject" }, what: "lostResponse" });

  const { file } = await mergeDay(archive, [recordOf({ id: "a" })]);

  expect(file).toMatchObject({ key: dayKey, etag: (await archive.head(dayKey))?.etag });
  expect(aws.counters().puts.stored).toBe(1);
});

describe("a day's file is merged with the file of a writer that comes between", () => {
  test("for either order of the two writers", async () => {
    const { archive } = await openArchive();

    const [one, other] = await Promise.all([
      mergeDay(archive, [recordOf({ id: "a" })]),
      mergeDay(archive, [recordOf({ id: "b" })]),
    ]);

    expect((await readDay(archive)).map(({ fields }) => fields.id)).toEqual(["a", "b"]);
    expect([one, other].map(({ facts }) => facts.counts.records).sort()).toEqual([1, 2]);
  });

  test("and that writer's calls count as archived, but not as listed by us", async () => {
    const { archive } = await openArchive();
    const theirs = whenWriting(archive, () => mergeDay(archive, [recordOf({ id: "b", recording: recordingOf("r") })]));

    const { facts } = await mergeDay(theirs, [recordOf({ id: "a" })]);

    expect(facts.counts.records).toBe(2);
    expect(facts.references).toMatchObject([{ id: "r", callId: "b" }]);
    expect(facts.listing).toMatchObject({
      records: 1,
      recordings: 0,
      callsWithoutRecording: 0,
      archived: 2,
      missing: 1,
      missingIds: ["b"],
    });
  });
});
