import type { RecordingEntry } from "../calls/call-manifest.ts";
import { type CallRecord, secondsOf } from "../calls/call-record.ts";
import { instantOf } from "../lenient.ts";
import type { Row } from "./table-schema.ts";

/** Columns of the table `recordings` that describe the recording's call. */
export type RecordingCallCells = Pick<
  Row<"recordings">,
  "start_time" | "direction" | "duration_seconds" | "extension_id"
>;

/** Returns the cells of a recording's row that come from its call. */
export function recordingCallCells({ fields }: CallRecord): RecordingCallCells {
  const { startTime, direction, extension } = fields;
  return {
    start_time: instantOf(startTime),
    direction,
    duration_seconds: secondsOf(fields),
    extension_id: extension.id,
  };
}

const unknownCall: RecordingCallCells = {
  start_time: undefined,
  direction: undefined,
  duration_seconds: undefined,
  extension_id: undefined,
};

/** Returns the row of a recording. Without its call, the call's cells are undefined. */
export function recordingRow(recording: RecordingEntry, call: RecordingCallCells = unknownCall): Row<"recordings"> {
  const { object } = recording;
  return {
    id: recording.id,
    call_id: recording.callId,
    state: recording.state,
    first_seen_at: instantOf(recording.firstSeenAt),
    automatic: recording.automatic === true,
    object_key: object?.key,
    bytes: object?.bytes,
    content_type: object?.contentType,
    sha256: object?.sha256,
    attempts: recording.attempts?.length ?? 0,
    ...call,
  };
}
