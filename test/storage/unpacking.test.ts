import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { aggregateKeys, stateKeys } from "../../shared/core/object-keys.ts";
import { readListingPart } from "../../shared/jobs/archive-calls/listing-part.ts";
import { readDueRecordings } from "../../shared/jobs/archive-calls/recording-plan.ts";
import type { ArchiveServices } from "../../shared/jobs/archive-calls/services.ts";
import { readEvents } from "../../shared/storage/day-events.ts";
import { dayKey, mergeDay } from "../support/archive-calls/merge-day.ts";
import { recordOf } from "../support/core/call-records.ts";
import { attempted, horizonAt } from "../support/core/day-events.ts";
import { jobErrorOf } from "../support/ringcentral/open-client.ts";
import { account, aggregate } from "../support/storage/archive-world.ts";
import { memoryBucket } from "../support/storage/memory-bucket.ts";
import { all } from "../support/storage/streams.ts";

const day = "2026-11-01";

describe("an object that unpacks to more than memory holds", () => {
  const spaces = gzipSync(Buffer.alloc(1024 * 1024, " "));
  /** Returns the JSON, followed by 257 megabytes of spaces, zipped to few bytes. */
  const bombAfter = (json: unknown) => Buffer.concat([gzipSync(JSON.stringify(json)), ...Array(257).fill(spaces)]);

  test("is an invalid event, and the others count", async () => {
    const others = [attempted("a", 1, "unavailable")];
    const state = memoryBucket({
      [aggregateKeys.calls.eventFile(account, day, "run 1", "horizon")]: bombAfter([horizonAt(1)]),
      [aggregateKeys.calls.eventFile(account, day, "run 2", "fetched")]: gzipSync(JSON.stringify(others)),
    });

    const files = await readEvents({ state, aggregate, account }, { day, since: undefined, known: new Set() });

    expect(files.flatMap(({ events }) => events)).toEqual(others);
  });

  test("is an invalid listing part, if its head has no end", async () => {
    const key = stateKeys.listingPart(account, day, "run", 1);

    expect(await readListingPart(memoryBucket({ [key]: bombAfter({}) }), key)).toBeUndefined();
  });
});

test("a plan that cannot be unpacked is invalid", async () => {
  const state = memoryBucket({ [stateKeys.plan("run", day)]: gzipSync("[]").subarray(0, -1) });
  const s = { state, run: { name: "run", manual: false } } as unknown as ArchiveServices;

  const due = await all(readDueRecordings(s, { days: [{ day, due: 1 }] }, 0));

  expect(due).toMatchObject([{ day, planError: { code: "STORAGE_INVALID" } }]);
});

test("a record nested too deeply to be written again counts as damaged, and its file stays unchanged", async () => {
  const deep = `{"id":"a","startTime":"2026-11-01T10:00:00Z","deep":${"[".repeat(20_000)}${"]".repeat(20_000)}}\n`;
  const file = gzipSync(deep);
  const archive = memoryBucket({ [dayKey]: file });

  const error = await jobErrorOf(mergeDay(archive, [recordOf({ id: "b" })]));

  expect(error.code).toBe("STORAGE_INVALID");
  expect((await archive.get(dayKey))?.body.equals(file)).toBe(true);
});
