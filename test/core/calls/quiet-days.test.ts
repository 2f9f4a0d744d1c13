import { describe, expect, test } from "vitest";
import { type DayCounts, daysToCompare, quietDays } from "../../../shared/core/calls/quiet-days.ts";
import { addDays } from "../../../shared/core/time/days.ts";

describe("quiet days", () => {
  const lastDay = "2026-11-26";
  const usual: DayCounts = { calls: 40, recordings: 20 };
  const none: DayCounts = { calls: 0, recordings: 0 };
  /** Four weeks of usual weekdays and empty weekends, but for what is said. */
  const countsWith = (other: Readonly<Record<string, DayCounts>>) => {
    const counts = new Map<string, DayCounts>();
    for (let n = 0; n < 28; n++) {
      const each = addDays(lastDay, -n);
      const weekday = new Date(`${each}T00:00:00Z`).getUTCDay();
      counts.set(each, other[each] ?? (weekday % 6 === 0 ? none : usual));
    }
    return counts;
  };

  test("are consecutive days without calls if the same weekdays had calls in both weeks before", () => {
    expect(quietDays(countsWith({}), lastDay)).toBe(0);
    expect(quietDays(countsWith({ [lastDay]: none }), lastDay)).toBe(1);
    expect(quietDays(countsWith({ [lastDay]: none, "2026-11-25": none }), lastDay)).toBe(2);
    expect(quietDays(countsWith({ "2026-11-25": none }), lastDay)).toBe(0);
  });

  test("are days with calls but without recordings, if there were recordings before", () => {
    const silent = { calls: 40, recordings: 0 };

    expect(quietDays(countsWith({ [lastDay]: silent, "2026-11-25": silent }), lastDay)).toBe(2);
  });

  test("do not include a weekend, which usually has no calls", () => {
    const counts = countsWith({ "2026-11-23": none, "2026-11-20": none });

    expect(quietDays(counts, "2026-11-23")).toBe(2);
    expect(quietDays(counts, "2026-11-22")).toBe(1);
  });

  test("are not found if the weeks before are unknown, or had fewer than 20 calls or 10 recordings", () => {
    const few = new Map(
      [...countsWith({ [lastDay]: none })].map(([each, { calls }]) => [each, { calls: calls / 2.1, recordings: 0 }]),
    );
    const unknown = new Map([[lastDay, none]]);
    const silent = { calls: 40, recordings: 0 };
    const few9 = { calls: 40, recordings: 9 };

    expect(quietDays(few, lastDay)).toBe(0);
    expect(quietDays(unknown, lastDay)).toBe(0);
    expect(quietDays(countsWith({ [lastDay]: silent, [addDays(lastDay, -7)]: few9 }), lastDay)).toBe(0);
    expect(
      quietDays(countsWith({ [lastDay]: silent, [addDays(lastDay, -7)]: { calls: 20, recordings: 10 } }), lastDay),
    ).toBe(1);
    expect(
      quietDays(countsWith({ [lastDay]: none, [addDays(lastDay, -7)]: { calls: 19, recordings: 10 } }), lastDay),
    ).toBe(0);
  });

  test("need only the counts of the days that are compared", () => {
    const all = countsWith({ [lastDay]: none, "2026-11-25": none });
    const needed = new Set(daysToCompare(lastDay));

    expect(quietDays(new Map([...all].filter(([each]) => needed.has(each))), lastDay)).toBe(2);
    expect(needed.size).toBe(15);
  });
});
