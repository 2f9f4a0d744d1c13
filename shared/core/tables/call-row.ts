import { type CallRecord, isTooShort } from "../calls/call-record.ts";
import { booleanOf, idOf, instantOf, memberOf, numberOf, secondsOf, textOf } from "../lenient.ts";
import { legsOf } from "./leg-rows.ts";
import { partyCells } from "./party-cells.ts";
import type { Row } from "./table-schema.ts";

/** What of a day its records do not say themselves. */
export interface CallRowOptions {
  readonly account: string;
  readonly vanished: ReadonlySet<string>;
  /** Ids of those that an adjacent day lists now. */
  readonly moved: ReadonlySet<string>;
  readonly localTime: (instantMs: number) => number | undefined;
}

/** A call as a row of the table `calls`. */
export function callRow(record: CallRecord, options: CallRowOptions): Row<"calls"> {
  const { account, vanished, moved, localTime } = options;
  const { raw } = record;
  const { id } = record.fields;
  const of = (name: string) => memberOf(raw, name);
  const start = instantOf(of("startTime"));
  const seconds = secondsOf(raw);
  const recordings = recordingIdsOf(raw);
  return {
    id,
    session_id: idOf(of("sessionId")),
    telephony_session_id: idOf(of("telephonySessionId")),
    start_time: start,
    local_time: start === undefined ? undefined : localTime(start),
    end_time: start === undefined || seconds === undefined ? undefined : endOf(start, seconds),
    duration_seconds: seconds,
    direction: textOf(of("direction")),
    type: textOf(of("type")),
    action: textOf(of("action")),
    result: textOf(of("result")),
    reason: textOf(of("reason")),
    reason_description: textOf(of("reasonDescription")),
    internal_type: textOf(of("internalType")),
    transport: textOf(of("transport")),
    ...partyCells(raw),
    delegate_id: idOf(memberOf(of("delegate"), "id")),
    delegate_name: textOf(memberOf(of("delegate"), "name")),
    delegation_type: textOf(of("delegationType")),
    message_id: idOf(memberOf(of("message"), "id")),
    message_type: textOf(memberOf(of("message"), "type")),
    recording_id: recordings[0],
    recording_ids: recordings.length > 0 ? recordings.join(" ") : undefined,
    recording_count: recordings.length,
    short_recording: isTooShort(record),
    leg_count: legsOf(raw).length,
    deleted: booleanOf(of("deleted")) === true,
    vanished: vanished.has(id),
    moved: moved.has(id),
    last_modified: instantOf(of("lastModifiedTime")),
    cost_included: numberOf(memberOf(of("billing"), "costIncluded")),
    cost_purchased: numberOf(memberOf(of("billing"), "costPurchased")),
    account,
  };
}

/** Those of the call itself first, then of its legs, each once. */
function recordingIdsOf(raw: unknown): string[] {
  const legs = memberOf(raw, "legs");
  const parts: readonly unknown[] = [raw, ...(Array.isArray(legs) ? legs : [])];
  return [...new Set(parts.flatMap((part) => idOf(memberOf(memberOf(part, "recording"), "id")) ?? []))];
}

/** Timestamps of the tables have four digits of a year. */
const lastInstant = Date.parse("9999-12-31T23:59:59.999Z");

function endOf(startMs: number, seconds: number): number | undefined {
  const end = Math.round(startMs + seconds * 1000);
  return end >= 0 && end <= lastInstant ? end : undefined;
}
