import type { CallRecord } from "../calls/call-record.ts";
import { booleanOf, idOf, instantOf, memberOf, secondsOf, textOf } from "../lenient.ts";
import { partyCells } from "./party-cells.ts";
import type { Row } from "./table-schema.ts";

/** Returns the rows of RingCentral's legs, by their index in the record. */
export function legRows({ fields, raw }: CallRecord): Row<"legs">[] {
  return legsOf(raw).map((leg, index) => legRow(fields.id, leg, index));
}

/** Returns RingCentral's legs, without kept legs. */
export function legsOf(raw: unknown): readonly unknown[] {
  const legs = memberOf(raw, "legs");
  return Array.isArray(legs) ? legs.filter((leg) => memberOf(leg, "kept") !== true) : [];
}

function legRow(callId: string, leg: unknown, index: number): Row<"legs"> {
  const member = (name: string) => memberOf(leg, name);
  return {
    call_id: callId,
    leg: index,
    start_time: instantOf(member("startTime")),
    duration_seconds: secondsOf(leg),
    direction: textOf(member("direction")),
    type: textOf(member("type")),
    action: textOf(member("action")),
    result: textOf(member("result")),
    reason: textOf(member("reason")),
    leg_type: textOf(member("legType")),
    master: booleanOf(member("master")),
    transport: textOf(member("transport")),
    ...partyCells(leg),
    telephony_session_id: idOf(member("telephonySessionId")),
    recording_id: idOf(memberOf(member("recording"), "id")),
  };
}
