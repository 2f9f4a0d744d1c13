import { expect, test } from "vitest";
import { deviations } from "./deviations.ts";
import { documentedMembers, documentedValues } from "./documented-schema.ts";

const leg = { type: "Voice", direction: "Inbound", action: "Phone Call", startTime: "2026-11-03T12:00:00Z" };

test("a missing or unknown member, a wrong type and a wrong word are each named with their place", () => {
  const recording = { id: 7, uri: "u", type: "Manual" };

  expect(deviations({ ...leg, action: "Shouting", recording, sessionId: "1" }, "CallLogRecordLegInfo", "leg")).toEqual([
    "leg has sessionId, which is not documented",
    'leg.action is "Shouting"',
    "leg.recording.id is no string",
    'leg.recording.type is "Manual"',
    "leg.recording lacks contentUri",
    "leg lacks legType",
  ]);
});

test("a value that should be an object or a list is named as neither", () => {
  expect(deviations(null, "CallLogRecord")).toEqual(["CallLogRecord is no object"]);
  expect(deviations({ records: {}, navigation: {}, paging: { perPage: 1 } }, "CallLogResponse")).toEqual([
    "CallLogResponse.records is no list",
  ]);
});

test("the definitions contain all members and words that RingCentral is known to have", () => {
  const required = documentedMembers("CallLogRecord").filter((member) => member.required);

  expect(required.map(({ name }) => name).sort()).toEqual([
    ...["action", "direction", "id", "sessionId", "startTime", "type", "uri"],
  ]);
  expect(["action", "result", "reason"].map((name) => documentedValues("CallLogRecord", name).length)).toEqual([
    ...[36, 45, 39],
  ]);
  expect(documentedValues("CallLogRecordLegInfo", "legType")).toHaveLength(43);
});
