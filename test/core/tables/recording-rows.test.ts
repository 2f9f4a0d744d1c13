import { expect, test } from "vitest";
import type { RecordingEntry } from "../../../shared/core/calls/call-manifest.ts";
import { parseCallRecord } from "../../../shared/core/calls/call-record.ts";
import { recordingCallCells, recordingRow } from "../../../shared/core/tables/recording-rows.ts";
import { invalidCells } from "../../support/core/cells.ts";
import { documentedCall } from "../../support/core/documented-call.ts";

const pending: RecordingEntry = { id: "r1", state: "pending", firstSeenAt: "2026-11-02T08:30:00.000Z", callId: "a" };

test("a recording is a row with its object and its call", () => {
  const object = {
    key: "recordings/r1.mp3",
    bytes: 5_000_000_000,
    sha256: "abc=",
    etag: "e",
    contentType: "audio/mpeg",
  };
  const attempts = [{ run: "night", at: "2026-11-03T08:30:00.000Z", result: "not-found" }] as const;

  const row = recordingRow(
    { ...pending, state: "stored", automatic: true, object, attempts: [...attempts] },
    recordingCallCells(parseCallRecord(documentedCall)),
  );

  expect(row).toEqual({
    id: "r1",
    call_id: "a",
    state: "stored",
    first_seen_at: Date.parse("2026-11-02T08:30:00.000Z"),
    automatic: true,
    object_key: "recordings/r1.mp3",
    bytes: 5_000_000_000,
    content_type: "audio/mpeg",
    sha256: "abc=",
    attempts: 1,
    start_time: Date.parse("2026-11-01T05:30:15.250Z"),
    direction: "Inbound",
    duration_seconds: 194.06,
    extension_id: "62264425016",
  });
});

test("a recording has a row even if its call is missing from the day's file", () => {
  const row = recordingRow(pending);

  expect(invalidCells("recordings", row)).toEqual([]);
  expect(row).toMatchObject({
    state: "pending",
    automatic: false,
    attempts: 0,
    object_key: undefined,
    start_time: undefined,
  });
});
