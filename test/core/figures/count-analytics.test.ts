import { describe, expect, test } from "vitest";
import {
  type CountedValue,
  createAnalyticsCount,
  createMemberSum,
} from "../../../shared/core/figures/count-analytics.ts";

const value = (given: Partial<CountedValue>): CountedValue => ({
  ...{ grouped_by: "Queues", hour_start: undefined, key: "q1", name: "Sales", extension_number: "201" },
  ...{ metric: "allCalls", breakdown: undefined, value: 5, ...given },
});

test("a group that was collected without members has none, and one that was not is missing", () => {
  const count = createAnalyticsCount(["Queues", "Users"]);
  count.add(value({ grouped_by: "Users", key: "u1" }));

  expect(count.figures()).toMatchObject({ Queues: [], Users: [{ key: "u1" }] });
  expect(Object.keys(count.figures())).toHaveLength(2);
});

function figuresOf(...values: readonly CountedValue[]) {
  const count = createAnalyticsCount();
  for (const each of values) count.add(each);
  return count.figures();
}

describe("the analytics of a day", () => {
  test.each([
    ["of an hour", { hour_start: 1 }],
    ["of a group that no page shows", { grouped_by: "IVRs" }],
  ])("leave out a value %s", (_what, given) => {
    expect(figuresOf(value(given))).toEqual({});
  });

  test.each([
    ["without a number", { value: undefined }],
    ["below zero", { value: -3 }],
    ["that is no count", { value: 1e300 }],
    ["that is no number", { value: Number.NaN }],
    ["of a metric that no page shows", { metric: "callsByOrigin", breakdown: "internal" }],
    ["of a part of all calls", { breakdown: "inbound" }],
  ])("keep the member of a value %s, and add nothing", (_what, given) => {
    expect(figuresOf(value(given)).Queues).toMatchObject([
      { key: "q1", name: "Sales", extensionNumber: "201", calls: 0 },
    ]);
  });

  test.each([
    ["allCalls", undefined, "calls"],
    ["callsByResponse", "answered", "answered"],
    ["callsByResponse", "notAnswered", "notAnswered"],
    ["callsByResult", "missed", "missed"],
    ["callsByResult", "voicemail", "voicemail"],
    ["callsByResult", "abandoned", "abandoned"],
    ["callsByQueueSla", "inSla", "inSla"],
    ["callsByQueueSla", "outOfSla", "outOfSla"],
    ["callsSegments", "ringing", "ringing"],
    ["callsSegmentsDuration", "ringing", "ringingSeconds"],
    ["callsSegments", "liveTalk", "talking"],
    ["callsSegmentsDuration", "liveTalk", "talkSeconds"],
    ["callsSegmentsDuration", "hold", "holdSeconds"],
  ] as const)("take %s %s as %s", (metric, breakdown, figure) => {
    expect(figuresOf(value({ metric, breakdown, value: 7 })).Queues?.[0]?.[figure]).toBe(7);
  });
});

test("members without a key are known by their names", () => {
  const queues = figuresOf(
    value({ key: "", name: "Sales", value: 100 }),
    value({ key: "", name: "Support", value: 50 }),
    value({ key: "", name: "Sales", metric: "callsByResult", breakdown: "missed", value: 7 }),
  ).Queues;

  expect(queues).toMatchObject([
    { name: "Sales", calls: 100, missed: 7 },
    { name: "Support", calls: 50 },
  ]);
});

describe("the analytics of several days", () => {
  const days = [
    figuresOf(value({ name: "Sales" }), value({ grouped_by: "Users", key: "u1", name: "Ann" })),
    figuresOf(value({ name: "Sales East", value: 2.5 }), value({ key: "q2", name: "Help" })),
  ];

  test("are the sums by member, under the member's last name", () => {
    const sum = createMemberSum();
    for (const day of days) sum.add(day);

    expect(sum.figures().Queues).toMatchObject([
      { key: "q1", name: "Sales East", calls: 7.5 },
      { key: "q2", name: "Help", calls: 5 },
    ]);
    expect(sum.figures().Users).toMatchObject([{ key: "u1", calls: 5 }]);
  });

  test.each([undefined, " "])("keep a name and a number that the last day lacks, or has as %o", (name) => {
    const sum = createMemberSum();
    sum.add(figuresOf(value({})));
    sum.add(figuresOf(value({ name, extension_number: undefined })));

    expect(sum.figures().Queues).toMatchObject([{ name: "Sales", extensionNumber: "201", calls: 10 }]);
  });

  test("change no day that was added", () => {
    const sum = createMemberSum();
    for (const day of [...days, ...days]) sum.add(day);

    expect(days[0]?.Queues?.[0]?.calls).toBe(5);
  });
});
