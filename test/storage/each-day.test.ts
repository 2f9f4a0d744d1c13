import { describe, expect, test } from "vitest";
import { JobError } from "../../shared/errors.ts";
import { eachDay } from "../../shared/storage/each-day.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
const unavailable = new JobError("STORAGE_FAILED", "500", { retryable: true });

/** Days for which `isAway` is true, by the day and the number of its read, from 1. */
function reading(isAway: (day: string, time: number) => boolean) {
  const times = new Map<string, number>();
  return async (day: string) => {
    const time = (times.get(day) ?? 0) + 1;
    times.set(day, time);
    if (isAway(day, time)) throw unavailable;
  };
}

describe("a day whose object cannot be read because of a temporary error", () => {
  test("fails alone if another day's object can be read again", async () => {
    const errors = await eachDay(
      days,
      reading((day) => day === "2026-11-02"),
    );

    expect([...errors]).toEqual([["2026-11-02", unavailable]]);
  });

  test("is read if the second attempt succeeds", async () => {
    const errors = await eachDay(
      days,
      reading((day, time) => day === "2026-11-02" && time === 1),
    );

    expect(errors.size).toBe(0);
  });

  test("does not fail alone if no other can be read any more, because S3 is unavailable", async () => {
    const read = eachDay(
      days,
      reading((day, time) => day === "2026-11-02" || time > 1),
    );

    await expect(read).rejects.toBe(unavailable);
  });

  test("does not fail alone if no other could be read", async () => {
    await expect(
      eachDay(
        days,
        reading(() => true),
      ),
    ).rejects.toBe(unavailable);
  });
});
