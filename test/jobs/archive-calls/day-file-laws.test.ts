import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CallRecord, recordingReferences } from "../../../shared/core/calls/call-record.ts";
import { mergeRecords } from "../../../shared/core/calls/merge-records.ts";
import { mergeIntoDayFile, readDayFile } from "../../../shared/jobs/archive-calls/day-file.ts";
import { anyVersion, dayKey, mergeDay, partsOf, readDay } from "../../support/archive-calls/merge-day.ts";
import { recordingOf, recordOf, versions } from "../../support/core/call-records.ts";
import { openArchive } from "../../support/storage/archive-world.ts";
import { all } from "../../support/storage/streams.ts";

describe("a call that is listed with two starts is stored once if they come", () => {
  const at = (hour: number, result: string, recording?: string) =>
    recordOf({
      id: "moved",
      startTime: `2026-11-01T${hour}:00:00.000Z`,
      lastModifiedTime: `2026-11-01T${hour}:30:00.000Z`,
      result,
      ...(recording && { recording: recordingOf(recording) }),
    });
  const others = ["a", "b"].map((id, n) => recordOf({ id, startTime: `2026-11-01T1${n + 2}:00:00.000Z` }));
  const old = at(11, "In Progress", "r");
  const moved = at(13, "Accepted");

  test.each([
    ["in two parts of one listing", [], [[...others, old], [moved]]],
    ["earlier and now", [...others, old], [[...others, moved]]],
    ["now as it was before, and as it is", [...others, moved], [[old, ...others], [moved]]],
  ])("%s", async (_when, before, parts) => {
    const { archive } = await openArchive();
    if (before.length > 0) await mergeDay(archive, before);

    const { facts } = await mergeDay(archive, ...parts);

    expect(await readDay(archive)).toEqual(mergeRecords(before, parts.flat()));
    expect(facts.counts.records).toBe(3);
    expect(facts.listing).toMatchObject({
      records: 3,
      recordings: before.length > 0 && parts.length === 1 ? 0 : 1,
      missing: 0,
    });
    expect(facts.references.map(({ id }) => id)).toEqual(["r"]);
  });
});

const dealt = fc
  .tuple(versions, fc.array(fc.nat(3), { minLength: 14, maxLength: 14 }))
  .map(([records, places]) => [0, 1, 2, 3].map((place) => records.filter((_, n) => places[n] === place)));

describe("for any distribution of a day's versions over stored and listed ones,", () => {
  test("its file equals the merge of all in memory, again after a second merge, and for any parts", async () => {
    const { aws, archive } = await openArchive();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(dealt, async ([archived = [], ...parts]) => {
        const file = `${dayKey}.${run++}`;
        await mergeIntoDayFile(archive, file, { parts: partsOf(archived), intents: anyVersion });

        const { facts } = await mergeIntoDayFile(archive, file, { parts: partsOf(...parts), intents: anyVersion });

        const whole = mergeRecords(archived, parts.flat());
        const listed = mergeRecords([], parts.flat());
        expect(await all(readDayFile(archive, file))).toEqual(whole);
        expect(facts.counts.records).toBe(whole.length);
        expect(new Set(facts.references.map(({ id }) => id))).toEqual(
          new Set(recordingReferences(whole).map(({ id }) => id)),
        );
        expect(facts.listing).toMatchObject({
          records: listed.length,
          recordings: recordingReferences(listed).length,
          missing: whole.length - listed.length,
        });
        const { stored } = aws.counters().puts;
        const again = await mergeIntoDayFile(archive, file, { parts: partsOf(parts.flat()), intents: anyVersion });
        expect(again.facts.listing).toEqual(facts.listing);
        expect(aws.counters().puts.stored).toBe(stored);
      }),
      { numRuns: 20 },
    );
  });

  test("listings with the same ids have the same fingerprint, and others have another", async () => {
    const { archive } = await openArchive();
    let run = 0;
    const printOf = async (...parts: readonly (readonly CallRecord[])[]) => {
      const { facts } = await mergeIntoDayFile(archive, `${dayKey}.${run++}`, {
        parts: partsOf(...parts),
        intents: anyVersion,
      });
      return facts.listing.fingerprint;
    };
    const [a, b] = [recordOf({ id: "a", result: "Missed" }), recordOf({ id: "b" })];
    const changed = recordOf({ id: "a", result: "Accepted" });
    const recorded = recordOf({ id: "a", recording: recordingOf("r") });

    const same = await Promise.all([printOf([a, b]), printOf([b], [changed], [a])]);
    const another = await Promise.all([printOf([a]), printOf([recorded, b]), printOf([])]);

    expect(new Set(same).size).toBe(1);
    expect(new Set([...same, ...another]).size).toBe(4);
  });
});
