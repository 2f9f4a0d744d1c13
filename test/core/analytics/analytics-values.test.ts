import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { metrics as labMetrics } from "../../../lab/ringcentral/analytics/metrics.ts";
import { type AnalyticsValue, parseAnalyticsValues } from "../../../shared/core/analytics/analytics-values.ts";
import { parseExactJson } from "../../../shared/core/exact-json.ts";
import { expectPrototypesUntouched } from "../../support/ringcentral/documented-ends.ts";
import { mutated } from "../../support/ringcentral/hostile-json.ts";

/** Returns a stored line with these records in its response. */
function lineOf(records: readonly unknown[], query: Readonly<Record<string, string>> = {}) {
  const paging = { page: 1, perPage: 200, totalPages: 1, totalElements: records.length };
  return { request: { query }, response: { paging, data: { groupedBy: "Users", records } } };
}

const rowsOf = (line: unknown, seen = new Set<string | symbol>()): AnalyticsValue[] => [
  ...parseAnalyticsValues(line, seen),
];
const instances = (values: unknown) => ({ valueType: "Instances", values });
const seconds = (values: unknown) => ({ valueType: "Seconds", values });
/** A number as a response may write it. */
const written = (text: string) => (parseExactJson(`[${text}]`) as readonly unknown[])[0];
const tooLong = "12345678901234567890";
/** The rows of one counter of one key. */
const counted = (values: unknown) => rowsOf(lineOf([{ key: "1", counters: { allCalls: instances(values) } }]));

describe("a response of another form than documented", () => {
  const line = lineOf(
    [
      {
        key: "62264425016",
        info: { extensionNumber: "101", name: "Zoë" },
        counters: { allCalls: instances(4), callsActions: instances({ holdOn: 1, holdOff: 1 }) },
        timers: { callsByDirection: seconds({ inbound: 60, outbound: 30.5 }) },
        points: [{ time: "2026-11-03T05:00:00Z", counters: { allCalls: instances(4) }, timers: {} }],
      },
      { key: "62264426016", counters: { queueOpportunities: instances(1) } },
    ],
    { interval: "Hour" },
  );

  test("never throws, and gives only valid values", () => {
    fc.assert(
      fc.property(mutated(line), (text) => {
        for (const row of rowsOf(parsed(text))) {
          const { group, key, metric, unit, value, ...perhaps } = row;
          expect([group, key, metric, unit].map((each) => typeof each)).toEqual(Array(4).fill("string"));
          expect(value === undefined || Number.isFinite(value)).toBe(true);
          for (const each of Object.values(perhaps)) expect(["string", "undefined"]).toContain(typeof each);
        }
        expectPrototypesUntouched();
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ["no line at all", undefined],
    ["a response without data", { response: {} }],
    ["records that are no list", lineOf([]).response.data.groupedBy],
    ["a record that is null", lineOf([null])],
    ["points that are null", lineOf([{ key: "1", points: [null] }])],
    ["counters that are a list", lineOf([{ key: "1", counters: [1] }])],
  ])("gives no rows: %s", (_what, odd) => {
    expect(rowsOf(odd)).toEqual([]);
  });

  test("does not affect others: a corrupt record keeps its valid values, and other records keep all", () => {
    const corrupted = { key: "1", info: "nobody", counters: "none", timers: { allCalls: seconds(5), odd: null } };

    const rows = rowsOf(lineOf([corrupted, 7, { key: "2", counters: { allCalls: instances(1) } }]));

    expect(rows.map(({ key, metric, value }) => [key, metric, value])).toEqual([
      ["1", "allCallsDuration", 5],
      ["1", "oddDuration", undefined],
      ["2", "allCalls", 1],
    ]);
  });
});

function parsed(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

describe("a value", () => {
  test.each([
    ["null", null],
    ["a word", "NaN"],
    ["a number in quotes", "4"],
    ["a list", [1, 2]],
    ["beyond what a number can hold", written("1e400")],
    ["true", true],
    ["not there", undefined],
  ])("that is %s is undefined, and its row is kept", (_what, value) => {
    expect(counted(value)).toMatchObject([{ metric: "allCalls", unit: "Instances", value: undefined }]);
  });

  test.each([
    ["negative", -3, -3],
    ["zero", 0, 0],
    ["broken", 2.5, 2.5],
    ["almost too great", 1e308, 1e308],
    ["a whole number of too many digits", written(tooLong), Number(tooLong)],
    ["the same below zero", written(`-${tooLong}`), -Number(tooLong)],
  ])("that is %s is parsed as a number", (_what, value, number) => {
    expect(counted(value)).toMatchObject([{ breakdown: undefined, value: number }]);
  });

  test("in parts gives a row for each, also for undocumented parts", () => {
    const parts = { inbound: 3, sideways: 1, none: null };

    expect(counted(parts).map(({ breakdown, value }) => [breakdown, value])).toEqual([
      ["inbound", 3],
      ["sideways", 1],
      ["none", undefined],
    ]);
  });

  test("without a unit is kept", () => {
    const rows = rowsOf(lineOf([{ key: "1", counters: { allCalls: { values: 4 } } }]));

    expect(rows).toMatchObject([{ unit: "", value: 4 }]);
  });
});

describe("a metric is named as in requests:", () => {
  test.each(labMetrics.map(({ responseName, counter }) => [responseName, counter]))(
    "the counter %s is %s",
    (response, counter) => {
      expect(rowsOf(lineOf([{ key: "1", counters: { [response]: instances(1) } }]))).toMatchObject([
        { metric: counter },
      ]);
    },
  );

  test.each(labMetrics.flatMap(({ responseName, timer }) => (timer === undefined ? [] : [[responseName, timer]])))(
    "the timer %s is %s",
    (response, timer) => {
      expect(rowsOf(lineOf([{ key: "1", timers: { [response]: seconds(1) } }]))).toMatchObject([{ metric: timer }]);
    },
  );

  test("a timer with its own name keeps it, and an undocumented one is distinguished from a counter", () => {
    const timers = { callsDurationByDirection: seconds(1), callsByMood: seconds(2), waiting: seconds(3) };
    const counters = { callsByMood: instances(4), waiting: instances(5) };

    expect(rowsOf(lineOf([{ key: "1", timers, counters }])).map(({ metric }) => metric)).toEqual([
      "callsByMood",
      "waiting",
      "callsDurationByDirection",
      "callsDurationByMood",
      "waitingDuration",
    ]);
  });
});

describe("overlapping pages", () => {
  const record = (key: string, calls: number) => ({ key, counters: { allCalls: instances(calls) } });

  test("count no key twice: the first row is kept", () => {
    const seen = new Set<string | symbol>();

    const rows = [lineOf([record("1", 4), record("2", 5)]), lineOf([record("2", 6), record("3", 7)])].flatMap((line) =>
      rowsOf(line, seen),
    );

    expect(rows.map(({ key, value }) => [key, value])).toEqual([
      ["1", 4],
      ["2", 5],
      ["3", 7],
    ]);
    expect([...seen]).toEqual(["1", "2", "3"]);
  });

  test("may identify a key by a number, even with too many digits, or by the same digits in quotes", () => {
    const seen = new Set<string | symbol>();
    const keys = ["62264425016", 62_264_425_016, written(tooLong), tooLong];

    const rows = keys.flatMap((key) => rowsOf(lineOf([{ key, counters: { allCalls: instances(1) } }]), seen));

    expect(rows.map(({ key }) => key)).toEqual(["62264425016", tooLong]);
  });
});

describe("an hour of a row", () => {
  const points = ["2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z"].map((time, n) => ({
    time,
    counters: { allCalls: instances(n) },
    timers: { allCalls: seconds(60 * n) },
  }));

  test("is identified by its start, so that the repeated hour of a clock change is two hours", () => {
    const rows = rowsOf(lineOf([{ key: "1", points }], { interval: "Hour" }));

    expect(rows.map(({ hourStart, metric, value }) => [hourStart, metric, value])).toEqual([
      ["2026-11-01T05:00:00Z", "allCalls", 0],
      ["2026-11-01T05:00:00Z", "allCallsDuration", 0],
      ["2026-11-01T06:00:00Z", "allCalls", 1],
      ["2026-11-01T06:00:00Z", "allCallsDuration", 60],
    ]);
  });

  test("is undefined if days were requested, because the point's values are the day's", () => {
    const [point] = points;
    const whole = { key: "1", counters: point?.counters, timers: point?.timers };

    expect(rowsOf(lineOf([{ key: "1", points: [point] }], { interval: "Day" }))).toEqual(rowsOf(lineOf([whole])));
  });
});

test("a key's name and extension number are unchanged", () => {
  const record = { key: "1", info: { name: "Żółć 🎧", extensionNumber: 101 }, counters: { allCalls: instances(1) } };

  expect(rowsOf(lineOf([record]))).toEqual([
    {
      ...{ group: "Users", key: "1", name: "Żółć 🎧", extensionNumber: "101", hourStart: undefined },
      ...{ metric: "allCalls", breakdown: undefined, unit: "Instances", value: 1 },
    },
  ]);
});

test("records without a key are not repetitions of each other, and each one counts", () => {
  const records = [undefined, null, "", "1", "1"].map((key, n) => ({ key, counters: { allCalls: instances(n) } }));
  const seen = new Set<string | symbol>();

  const rows = rowsOf(lineOf(records), seen);

  expect(rows.map(({ key, value }) => [key, value])).toEqual([
    ["", 0],
    ["", 1],
    ["", 2],
    ["1", 3],
  ]);
  expect(seen.size).toBe(4);
});
