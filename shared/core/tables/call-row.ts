import { type CallRecord, isTooShort, recordingReferences, secondsOf } from "../calls/call-record.ts";
import { idOf, instantOf, memberOf, numberOf, textOf } from "../lenient.ts";
import { ringCentralsLegs } from "./leg-rows.ts";
import { partyCells } from "./party-cells.ts";
import type { Row } from "./table-schema.ts";

/** Facts about the day that its records do not contain. */
export interface CallRowOptions {
  readonly account: string;
  /** Ids of vanished records. */
  readonly vanished: ReadonlySet<string>;
  /** Ids of records that an adjacent day lists now. */
  readonly moved: ReadonlySet<string>;
  readonly localTime: (instantMs: number) => number | undefined;
}

/** Returns the row of a call, with undefined for missing fields and fields of undocumented types. */
export function callRow(record: CallRecord, options: CallRowOptions): Row<"calls"> {
  const { account, vanished, moved, localTime } = options;
  const { fields, raw } = record;
  const { id, direction, type, action, result, reason, transport } = fields;
  const member = (name: string) => memberOf(raw, name);
  const start = instantOf(fields.startTime);
  const seconds = secondsOf(fields);
  const recordings = recordingReferences([record]).map((reference) => reference.id);
  return {
    id,
    session_id: fields.sessionId,
    telephony_session_id: fields.telephonySessionId,
    start_time: start,
    local_time: start === undefined ? undefined : localTime(start),
    end_time: start === undefined || seconds === undefined ? undefined : endOf(start, seconds),
    duration_seconds: seconds,
    direction,
    type,
    action,
    result,
    reason,
    reason_description: textOf(member("reasonDescription")),
    internal_type: textOf(member("internalType")),
    transport,
    ...partyCells(fields),
    delegate_id: idOf(memberOf(member("delegate"), "id")),
    delegate_name: textOf(memberOf(member("delegate"), "name")),
    delegation_type: textOf(member("delegationType")),
    message_id: idOf(memberOf(member("message"), "id")),
    message_type: textOf(memberOf(member("message"), "type")),
    recording_id: recordings[0],
    recording_ids: recordings.length > 0 ? recordings.join(" ") : undefined,
    recording_count: recordings.length,
    short_recording: isTooShort(record),
    leg_count: ringCentralsLegs(fields).length,
    deleted: fields.deleted === true,
    vanished: vanished.has(id),
    moved: moved.has(id),
    last_modified: instantOf(fields.lastModifiedTime),
    cost_included: numberOf(memberOf(member("billing"), "costIncluded")),
    cost_purchased: numberOf(memberOf(member("billing"), "costPurchased")),
    account,
  };
}

/** Table timestamps have years of four digits. */
const maxTimestampMs = Date.parse("9999-12-31T23:59:59.999Z");

function endOf(startMs: number, seconds: number): number | undefined {
  const end = Math.round(startMs + seconds * 1000);
  return end >= 0 && end <= maxTimestampMs ? end : undefined;
}
