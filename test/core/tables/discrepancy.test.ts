import { describe, expect, test } from "vitest";
import type { AnalyticsValue } from "../../../shared/core/analytics/analytics-values.ts";
import { parseCallRecord } from "../../../shared/core/calls/call-record.ts";
import { analyticsRow } from "../../../shared/core/tables/analytics-row.ts";
import { callRow } from "../../../shared/core/tables/call-row.ts";
import { createDiscrepancy, totalDifference } from "../../../shared/core/tables/discrepancy.ts";

const options = { account: "7", vanished: new Set(["gone"]), moved: new Set(["moved"]), localTime: (ms: number) => ms };
const call = (fields: object) =>
  callRow(parseCallRecord({ id: "a", type: "Voice", direction: "Inbound", ...fields }), options);
const company: AnalyticsValue = {
  group: "Company",
  key: "7",
  name: undefined,
  extensionNumber: undefined,
  hourStart: undefined,
  metric: "callsByDirection",
  breakdown: "inbound",
  unit: "Instances",
  value: 5,
};
const numberRow = (fields: Partial<AnalyticsValue>) => analyticsRow({ ...company, ...fields }, (ms) => ms);
const number = (fields: Partial<AnalyticsValue>) => {
  const row = numberRow(fields);
  if (!row) throw new Error("a number without a row");
  return row;
};

describe("call log and analytics are compared", () => {
  test("by direction, the call log's calls less the analytics'", () => {
    const discrepancy = createDiscrepancy();
    for (const id of ["a", "b", "c"]) discrepancy.addCall(call({ id }));
    discrepancy.addCall(call({ direction: "Outbound" }));
    discrepancy.addValue(number({}));
    discrepancy.addValue(number({ breakdown: "outbound", value: 0 }));

    const rows = discrepancy.rows();

    expect(rows).toEqual([
      { direction: "Inbound", call_log_calls: 3, analytics_calls: 5, difference: -2 },
      { direction: "Outbound", call_log_calls: 1, analytics_calls: 0, difference: 1 },
    ]);
    expect(totalDifference(rows)).toBe(3);
  });

  test("by voice calls that RingCentral still lists on this day", () => {
    const discrepancy = createDiscrepancy();
    for (const fields of [{}, { type: "Fax" }, { deleted: true }, { id: "gone" }, { id: "moved" }])
      discrepancy.addCall(call(fields));
    discrepancy.addValue(number({}));

    expect(discrepancy.rows()).toMatchObject([{ call_log_calls: 1 }]);
  });

  test("by calls: the records of one session count once in each direction, and a record without a session is a call", () => {
    const discrepancy = createDiscrepancy();
    for (const fields of [
      { id: "a", sessionId: "1" },
      { id: "b", sessionId: "1" },
      { id: "c", sessionId: "1", direction: "Outbound" },
      { id: "d" },
    ])
      discrepancy.addCall(call(fields));
    discrepancy.addValue(number({}));
    discrepancy.addValue(number({ breakdown: "outbound" }));

    expect(discrepancy.rows()).toMatchObject([{ call_log_calls: 2 }, { call_log_calls: 1 }]);
  });

  test.each<[string, Partial<AnalyticsValue>]>([
    ["of a user", { group: "Users" }],
    ["of an hour", { hourStart: "2026-11-01T05:00:00Z" }],
    ["of another metric", { metric: "allCalls" }],
    ["of seconds", { unit: "Seconds" }],
    ["that is undefined", { value: undefined }],
  ])("without a number %s", (_what, fields) => {
    const discrepancy = createDiscrepancy();
    discrepancy.addCall(call({}));
    discrepancy.addValue(number(fields));

    expect(discrepancy.rows()).toEqual([]);
  });
});

describe("the hour of a number", () => {
  test("is the wall clock's", () => {
    const hourStart = "2026-11-01T05:00:00Z";

    const row = analyticsRow({ ...company, hourStart }, (ms) => ms - 4 * 3_600_000);

    expect(row).toMatchObject({ hour_start: Date.parse(hourStart), hour: 1 });
  });

  test("is undefined if the number is the whole day's", () => {
    expect(number({})).toMatchObject({ hour_start: undefined, hour: undefined });
  });

  test("must be readable, because the number would else be taken for the whole day's", () => {
    expect(numberRow({ hourStart: "5 o'clock" })).toBeUndefined();
  });
});
