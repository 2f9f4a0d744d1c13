import { describe, expect, test } from "vitest";
import {
  isCallWithoutRecording,
  isTooShort,
  parseCallRecord,
  recordingReferences,
} from "../../../shared/core/calls/call-record.ts";

describe("an unusual record stops nothing and is kept whole:", () => {
  test.each([
    ["a party without a name", { id: "a", from: { name: null } }],
    ["no legs", { id: "a", legs: null }],
    ["a leg that is nothing", { id: "a", legs: [null] }],
    ["a recording that is nothing", { id: "a", recording: null }],
    ["a duration in letters", { id: "a", duration: "5" }],
    ["an extension number that is a number", { id: "a", to: { extensionNumber: 101 } }],
    ["an id that is a number", { id: 7 }],
  ])("%s", (_what, odd) => {
    const raw = { startTime: "2026-11-03T10:00:00Z", ...odd };

    const record = parseCallRecord(raw);

    expect(record.raw).toBe(raw);
    expect(record.fields).toMatchObject({ id: String(odd.id), startTime: raw.startTime });
  });

  test("one without an id is identified by the hash of its JSON", () => {
    const [a, b, again] = [{ duration: 1 }, { duration: 2 }, { duration: 1 }].map(parseCallRecord);

    expect(a?.fields.id).not.toBe(b?.fields.id);
    expect(a?.fields.id).toBe(again?.fields.id);
  });

  test("a number too large for JSON is no id, because the stored record has null there", () => {
    const raw = JSON.parse('{"id":1e400,"recording":{"id":1e400}}');

    const [sent, stored] = [raw, JSON.parse(JSON.stringify(raw))].map(parseCallRecord);

    expect(sent?.fields).toEqual(stored?.fields);
    expect(sent?.fields.recording).toBeUndefined();
  });

  test.each([[null], [7], ["text"], [[]]])("any JSON in place of a record is kept, as %j", (raw) => {
    expect(parseCallRecord(raw)).toMatchObject({ raw, fields: { startTime: "" } });
  });
});

describe("recording references of a record", () => {
  const recording = { id: "1", contentUri: "https://media.example.com/1" };

  test("are listed once, although the call and its legs carry the same", () => {
    const record = parseCallRecord({ id: "a", startTime: "x", recording, legs: [{ recording }, { recording }] });

    expect(recordingReferences([record])).toEqual([{ ...recording, callId: "a", automatic: false }]);
  });

  test("are listed even without a URL, which a later mention may add", () => {
    const without = parseCallRecord({ id: "a", startTime: "x", recording: { id: "1" } });
    const having = parseCallRecord({ id: "b", startTime: "x", recording });

    expect(recordingReferences([without])).toEqual([{ id: "1", callId: "a", automatic: false }]);
    expect(recordingReferences([without, having])).toEqual([{ ...recording, callId: "a", automatic: false }]);
  });

  test("are automatic if any mention says so, and no other field decides it", () => {
    const [by, again] = ["OnDemand", "Automatic"].map((type) =>
      parseCallRecord({ id: type, recording: { id: "1", type } }),
    );
    const records = [by, again].flatMap((record) => record ?? []);

    expect(recordingReferences(records).map(({ automatic }) => automatic)).toEqual([true]);
    expect(recordingReferences(records.slice(0, 1)).map(({ automatic }) => automatic)).toEqual([false]);
  });

  test("are not automatic if the record was deleted, because RingCentral's cap does not count those", () => {
    const by = (deleted: boolean) => parseCallRecord({ id: "a", deleted, recording: { id: "1", type: "Automatic" } });

    expect(recordingReferences([by(true)]).map(({ automatic }) => automatic)).toEqual([false]);
    expect(recordingReferences([by(false)]).map(({ automatic }) => automatic)).toEqual([true]);
  });

  test("make a call too short only if there are none", () => {
    expect(isTooShort(parseCallRecord({ id: "a", startTime: "x", shortRecording: true }))).toBe(true);
    expect(isTooShort(parseCallRecord({ id: "a", startTime: "x", shortRecording: true, legs: [{ recording }] }))).toBe(
      false,
    );
  });
});

describe("a call without a recording", () => {
  const call = { id: "a", result: "Accepted", duration: 30 };

  test.each<[string, object]>([
    ["accepted", {}],
    ["connected", { result: "Call connected" }],
    ["connected, in RingCentral's old spelling", { result: "Call \u0441onnected" }],
    ["accepted, with legs that name none", { legs: [{ duration: 30 }] }],
  ])("is counted if it was %s and took 30 seconds", (_what, fields) => {
    expect(isCallWithoutRecording(parseCallRecord({ ...call, ...fields }))).toBe(true);
  });

  test.each<[string, object]>([
    ["was missed", { result: "Missed" }],
    ["has no result", { result: null }],
    ["took less than 30 seconds", { duration: 29 }],
    ["does not say how long it took", { duration: null }],
    ["names a recording", { recording: { id: "1" } }],
    ["names one on a leg", { legs: [{}, { recording: { id: "1" } }] }],
    ["was recorded too shortly", { shortRecording: true }],
    ["was deleted", { deleted: true }],
  ])("is not counted if it %s", (_what, fields) => {
    expect(isCallWithoutRecording(parseCallRecord({ ...call, ...fields }))).toBe(false);
  });
});
