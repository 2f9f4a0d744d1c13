import fc from "fast-check";
import { expect, test } from "vitest";
import { fetchOrder } from "../../../shared/core/calls/fetch-order.ts";
import { addDays } from "../../../shared/core/time/days.ts";

const today = "2026-11-10";
const options = { today, retentionDays: 90, requested: ["2026-10-05", "2026-10-07"] };
const due = (day: string) => ({ day });

test("days near their horizon come first, then requested days, then yesterday, then the others, oldest first", () => {
  const vanishing = [addDays(today, -90), addDays(today, -83)];
  const others = [addDays(today, -82), "2026-10-06", "2026-11-08"];

  const ordered = fetchOrder(
    [...others, "2026-11-09", ...options.requested, ...vanishing].map((day) => due(day)),
    options,
  );

  expect(ordered.map(({ day }) => day)).toEqual([...vanishing, ...options.requested, "2026-11-09", ...others]);
});

test.each([
  ["requested", { ...options, requested: [addDays(today, -83)] }, addDays(today, -84)],
  ["of yesterday", { ...options, retentionDays: 8 }, addDays(today, -2)],
])("a day near its horizon comes before one near its horizon and %s", (_what, so, older) => {
  const newer = so.requested.includes(addDays(today, -83)) ? addDays(today, -83) : addDays(today, -1);

  expect(fetchOrder([due(newer), due(older)], so)).toEqual([due(older), due(newer)]);
});

test("today's recordings come with yesterday's, before older ones", () => {
  const newest = [addDays(today, -1), today, addDays(today, 1)];

  expect(fetchOrder(["2026-11-08", ...newest].map(due), { ...options, requested: [] })).toEqual(
    [...newest, "2026-11-08"].map(due),
  );
});

test("how near the horizon is follows from the account's retention", () => {
  const [older, newer] = [addDays(today, -24), addDays(today, -23)];
  const first = (retentionDays: number) =>
    fetchOrder([newer, older].map(due), { today, retentionDays, requested: [newer] })[0];

  expect([first(31), first(32)].map((each) => each?.day)).toEqual([older, newer]);
});

test("everything due is fetched once, always in the same order", () => {
  const days = fc.uniqueArray(
    fc.integer({ min: -100, max: 0 }).map((offset) => due(addDays(today, offset))),
    { selector: ({ day }) => day },
  );
  const pairs = days.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
  fc.assert(
    fc.property(pairs, ([all, shuffled]) => {
      const ordered = fetchOrder(all, options);

      expect(fetchOrder(shuffled, options)).toEqual(ordered);
      expect(new Set(ordered)).toEqual(new Set(all));
      expect(ordered).toHaveLength(all.length);
    }),
  );
});
