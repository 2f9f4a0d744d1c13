import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays } from "../../shared/core/days.ts";
import { type DueRecording, fetchOrder } from "../../shared/core/fetch-order.ts";

const today = "2026-11-10";
const options = { today, retentionDays: 90, first: ["2026-10-05", "2026-10-07"] };
const due = (day: string, id = "r"): DueRecording => ({ day, id, contentUri: `https://media.example.com/${id}` });

test("about to vanish comes first, then what was asked for, then yesterday, then oldest first", () => {
  const vanishing = [addDays(today, -90), addDays(today, -83)];
  const others = [addDays(today, -82), "2026-10-06", "2026-11-08"];

  const ordered = fetchOrder(
    [...others, "2026-11-09", ...options.first, ...vanishing].map((day) => due(day)),
    options,
  );

  expect(ordered.map(({ day }) => day)).toEqual([...vanishing, ...options.first, "2026-11-09", ...others]);
});

test("whatever is due is fetched once, in the same order each time", () => {
  const recordings = fc.uniqueArray(
    fc.tuple(fc.integer({ min: -100, max: 0 }), fc.string()).map(([days, id]) => due(addDays(today, days), id)),
    { selector: ({ day, id }) => `${day} ${id}` },
  );
  const pairs = recordings.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  );
  fc.assert(
    fc.property(pairs, ([all, shuffled]) => {
      const ordered = fetchOrder(all, options);

      expect(fetchOrder(shuffled, options)).toEqual(ordered);
      expect(new Set(ordered)).toEqual(new Set(all));
      expect(ordered).toHaveLength(all.length);
    }),
  );
});
