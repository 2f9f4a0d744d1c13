import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CallRecord } from "../../../shared/core/calls/call-record.ts";
import { type MergedRecord, mergeRecords, mergeSorted } from "../../../shared/core/calls/merge-records.ts";
import { recordOf, versions } from "../../support/core/call-records.ts";
import { errorOf } from "../../support/ringcentral/open-client.ts";

/** State of a source: whether it was opened, and whether it was closed, by its end or from outside. */
interface Watched {
  readonly source: AsyncGenerator<MergedRecord>;
  readonly state: { taken: number; open: boolean };
}

function watched(records: readonly CallRecord[], isListed = true, failAfter = Number.POSITIVE_INFINITY): Watched {
  const state = { taken: 0, open: false };
  const source = async function* () {
    state.open = true;
    try {
      for (const record of records) {
        if (state.taken === failAfter) throw new Error("the disk broke");
        state.taken++;
        yield { record, listed: isListed ? record : undefined };
      }
    } finally {
      state.open = false;
    }
  };
  return { source: source(), state };
}

async function drain(sources: readonly Watched[]): Promise<MergedRecord[]> {
  const merged: MergedRecord[] = [];
  for await (const each of mergeSorted(sources.map(({ source }) => source))) merged.push(each);
  return merged;
}

const sorted = (...ids: readonly string[]) => ids.map((id) => recordOf({ id }));

describe("sources of a merge are closed", () => {
  test("if one of them breaks at any record, without waiting for the others' records", async () => {
    for (const failAfter of [0, 1]) {
      const sources = [
        watched(sorted("a", "c")),
        watched(sorted("b", "d"), true, failAfter),
        watched(sorted("b", "e")),
      ];

      const error = await errorOf(drain(sources));

      expect(error.message).toBe("the disk broke");
      expect(sources.map(({ state }) => state.open)).toEqual([false, false, false]);
    }
  });

  test("if the reader stops", async () => {
    const sources = [watched(sorted("a", "c")), watched(sorted("b", "d"))];

    for await (const { record } of mergeSorted(sources.map(({ source }) => source)))
      if (record.fields.id === "b") break;

    expect(sources.map(({ state }) => state.open)).toEqual([false, false]);
  });
});

test("only the next record of each source is held in memory, however long the sources are", async () => {
  const ids = Array.from({ length: 50 }, (_, n) => `id ${100 + n}`);
  const sources = [watched(sorted(...ids)), watched(sorted(...ids))];
  let read = 0;

  for await (const _each of mergeSorted(sources.map(({ source }) => source))) {
    read++;
    for (const { state } of sources) expect(state.taken).toBeLessThanOrEqual(read + 1);
  }

  expect(read).toBe(ids.length);
});

test("without sources or records, there is no merged record", async () => {
  expect([await drain([]), await drain([watched([]), watched([])])]).toEqual([[], []]);
});

test("of two versions that changed at the same time the later source's is used, and both count as listed", async () => {
  const [earlier, later] = ["In Progress", "Missed"].map((result) => recordOf({ id: "a", result }));

  const [merged] = await drain([watched(earlier ? [earlier] : []), watched(later ? [later] : [])]);

  expect(merged).toEqual({ record: later, listed: later });
});

/** Versions distributed over the archive and the parts of a listing, each with a record once, sorted. */
const dealt = fc.tuple(versions, fc.array(fc.nat(4), { minLength: 14, maxLength: 14 })).map(([all, places]) =>
  [0, 1, 2, 3, 4].map((place) =>
    mergeRecords(
      [],
      all.filter((_, n) => places[n] === place),
    ),
  ),
);

describe("for any distribution of versions over sorted sources,", () => {
  test("the merged stream equals the merge of all of them in memory, in the same order", async () => {
    await fc.assert(
      fc.asyncProperty(dealt, async (parts) => {
        const merged = await drain(parts.map((part) => watched(part)));

        expect(merged.map(({ record }) => record)).toEqual(mergeRecords([], parts.flat()));
      }),
      { numRuns: 300 },
    );
  });

  test("the listed versions equal the merge of the listing alone, without the archive's versions", async () => {
    await fc.assert(
      fc.asyncProperty(dealt, async ([archived = [], ...parts]) => {
        const merged = await drain([watched(archived, false), ...parts.map((part) => watched(part))]);
        const archiveLast = await drain([...parts.map((part) => watched(part)), watched(archived, false)]);

        expect(merged.flatMap(({ listed }) => listed ?? [])).toEqual(mergeRecords([], parts.flat()));
        expect(merged.map(({ record }) => record)).toEqual(mergeRecords(archived, parts.flat()));
        expect(archiveLast).toEqual(merged);
      }),
      { numRuns: 300 },
    );
  });
});
