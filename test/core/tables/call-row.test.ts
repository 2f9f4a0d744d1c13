import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCallRecord } from "../../../shared/core/calls/call-record.ts";
import { parseExactJson } from "../../../shared/core/exact-json.ts";
import { callRow } from "../../../shared/core/tables/call-row.ts";
import { legRows } from "../../../shared/core/tables/leg-rows.ts";
import { wallClock } from "../../../shared/core/time/wall-clock.ts";
import { invalidCells } from "../../support/core/cells.ts";
import { documentedCall } from "../../support/core/documented-call.ts";
import { mutated } from "../../support/ringcentral/hostile-json.ts";

const options = {
  account: "7",
  vanished: new Set(["gone"]),
  moved: new Set(["moved"]),
  localTime: wallClock("America/New_York"),
};
const rowOf = (raw: unknown) => callRow(parseCallRecord(raw), options);

describe("the row of a call", () => {
  test("has every documented field in its column", () => {
    const start = Date.parse("2026-11-01T05:30:15.250Z");

    expect(rowOf(documentedCall)).toEqual({
      id: "VgLcd1KWffJVzUA",
      session_id: "1039811321016",
      telephony_session_id: "s-a0d178729c49dz1876d9b9d11z19269ec0000",
      start_time: start,
      local_time: Date.parse("2026-11-01T01:30:15.250Z"),
      end_time: start + 194_060,
      duration_seconds: 194.06,
      direction: "Inbound",
      type: "Voice",
      action: "Phone Call",
      result: "Accepted",
      reason: "Accepted",
      reason_description: "The call was accepted",
      internal_type: "TollFreeNumber",
      transport: "PSTN",
      from_number: "+14155550108",
      from_name: "Zoë Ångström ☎",
      from_extension_id: undefined,
      from_extension_number: undefined,
      from_location: "San Francisco (South), CA",
      to_number: "+16505550100",
      to_name: "Reception",
      to_extension_id: "62264425016",
      to_extension_number: "101",
      to_location: "",
      extension_id: "62264425016",
      delegate_id: "9",
      delegate_name: "Deputy",
      delegation_type: "Coworker",
      message_id: "77",
      message_type: "VoiceMail",
      recording_id: "r1",
      recording_ids: "r1 r2 r3",
      recording_count: 3,
      short_recording: false,
      leg_count: 2,
      deleted: false,
      vanished: false,
      moved: false,
      last_modified: Date.parse("2026-11-01T05:38:42.028Z"),
      cost_included: 0.137,
      cost_purchased: 0,
      account: "7",
    });
  });

  test("has nulls for fields that the record lacks", () => {
    const { id, account, ...others } = rowOf({ id: "bare" });

    expect([id, account]).toEqual(["bare", "7"]);
    const definedCells = Object.entries(others).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(definedCells)).toEqual({
      recording_count: 0,
      short_recording: false,
      leg_count: 0,
      deleted: false,
      vanished: false,
      moved: false,
    });
  });

  test("has nulls for fields of another type than documented", () => {
    const odd = {
      id: "odd",
      startTime: 5,
      duration: "194",
      direction: ["Inbound"],
      from: "me",
      deleted: "yes",
      legs: {},
    };

    const { start_time, duration_seconds, direction, from_number, deleted, leg_count } = rowOf(odd);

    expect([start_time, duration_seconds, direction, from_number, deleted, leg_count]).toEqual([
      ...[undefined, undefined, undefined, undefined, false, 0],
    ]);
  });

  test.each([
    ["no offset", "2026-11-01T05:30:15"],
    ["a day alone", "2026-11-01"],
    ["a time that does not exist", "2026-11-01T25:00:00Z"],
    ["words", "1 November 2026 05:30 UTC"],
    ["a year of six digits", "+275760-09-13T00:00:00.000Z"],
  ])("has no time if the record has %s", (_what, startTime) => {
    const { start_time, local_time, end_time } = rowOf({ id: "a", startTime, duration: 1 });

    expect([start_time, local_time, end_time]).toEqual([undefined, undefined, undefined]);
  });

  test("has seconds if there are no milliseconds", () => {
    expect(rowOf({ id: "a", duration: 55 }).duration_seconds).toBe(55);
  });

  test("has no number if the record's number is out of range", () => {
    const raw = parseExactJson('{"id":"a","durationMs":1e400,"billing":{"costIncluded":-1e400,"costPurchased":"0"}}');

    const { duration_seconds, cost_included, cost_purchased } = rowOf(raw);

    expect([duration_seconds, cost_included, cost_purchased]).toEqual([undefined, undefined, undefined]);
  });

  test("has ids of any length to the last digit", () => {
    const raw = parseExactJson('{"id":"a","extension":{"id":123456789012345678901},"sessionId":9007199254740993}');

    expect(rowOf(raw)).toMatchObject({ extension_id: "123456789012345678901", session_id: "9007199254740993" });
  });

  test("says so if RingCentral no longer lists the call", () => {
    expect(rowOf({ id: "gone" }).vanished).toBe(true);
    expect(rowOf({ id: "moved" })).toMatchObject({ vanished: false, moved: true });
  });
});

describe("a call's legs are rows", () => {
  test("except those that the archive added", () => {
    const rows = legRows(parseCallRecord(documentedCall));

    expect(rows.map(({ call_id, leg, leg_type, recording_id }) => [call_id, leg, leg_type, recording_id])).toEqual([
      ["VgLcd1KWffJVzUA", 0, "Accept", "r1"],
      ["VgLcd1KWffJVzUA", 1, "TransferCall", "r2"],
    ]);
    expect(rows[0]).toMatchObject({ master: true, from_number: "+14155550108", extension_id: "62264425016" });
  });

  test("of nulls if they are no objects, so that each keeps its index", () => {
    const rows = legRows(parseCallRecord({ id: "a", legs: [null, "leg", { legType: "Accept" }] }));

    expect(rows.map(({ leg, leg_type }) => [leg, leg_type])).toEqual([
      [0, undefined],
      [1, undefined],
      [2, "Accept"],
    ]);
  });
});

test("for any record, its rows match the schemas of their tables", () => {
  fc.assert(
    fc.property(mutated(documentedCall), (text) => {
      const raw = jsonOr(text, text);

      const record = parseCallRecord(raw);

      expect(invalidCells("calls", callRow(record, options))).toEqual([]);
      expect(legRows(record).flatMap((row) => invalidCells("legs", row))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

function jsonOr(text: string, otherwise: unknown): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return otherwise;
  }
}
