import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byDay, joinDays } from "../../shared/audit/by-day.ts";
import { all } from "../support/storage/streams.ts";

const object = (key: string) => ({ key, bytes: 1, etag: "", lastModified: new Date(0) });
const someDays = fc.uniqueArray(fc.constantFrom("2026-11-01", "2026-11-02", "2026-11-03", "2026-12-01", "2027-01-01"));

async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

describe("a listing in the order of keys", () => {
  test("is cut into days, each with all its objects in their order", async () => {
    const keys = ["a/date=2026-11-01.json", "a/date=2026-11-01/b", "a/date=2026-11-01/c", "a/date=2026-11-03/a"];

    const days = await all(byDay(streamOf(keys.map(object))));

    expect(days.map(({ day, objects }) => [day, objects.map(({ key }) => key)])).toEqual([
      ["2026-11-01", keys.slice(0, 3)],
      ["2026-11-03", keys.slice(3)],
    ]);
  });

  test("keeps keys that belong to no day under `undefined`", async () => {
    const keys = ["a/date=2026-11-01/b", "a/date=2026-11-011/b", "a/date=x"];

    const days = await all(byDay(streamOf(keys.map(object))));

    expect(days.map(({ day }) => day)).toEqual(["2026-11-01", ""]);
    expect(days.flatMap(({ objects }) => objects.map(({ key }) => key))).toEqual(keys);
  });

  test("without keys has no day", async () => {
    expect(await all(byDay(streamOf([])))).toEqual([]);
  });
});

test("sources in the order of days are joined: each day once, in order, with the objects of each source", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(someDays, { maxLength: 4 }), async (sources) => {
      const sorted = sources.map((days) => days.toSorted());
      const streams = sorted.map((days, source) => streamOf(days.map((day) => ({ day, source }))));

      const joined = await all(joinDays(streams));

      const days = [...new Set(sorted.flat())].sort();
      expect(joined).toEqual(
        days.map((day) => ({
          day,
          items: sorted.map((days, source) => (days.includes(day) ? { day, source } : undefined)),
        })),
      );
    }),
  );
});
