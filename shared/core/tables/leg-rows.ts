import type { CallRecord } from "../calls/call-record.ts";
import { booleanOf, idOf, instantOf, memberOf, secondsOf, textOf } from "../lenient.ts";
import { partyCells } from "./party-cells.ts";
import type { Row } from "./table-schema.ts";

/** The legs of a call as rows of the table `legs`. */
export function legRows({ fields, raw }: CallRecord): Row<"legs">[] {
  return legsOf(raw).map((leg, place) => legRow(fields.id, leg, place));
}

/** The legs that RingCentral gave; one that the archive added, for a recording that lost its place, is none. */
export function legsOf(raw: unknown): readonly unknown[] {
  const legs = memberOf(raw, "legs");
  return Array.isArray(legs) ? legs.filter((leg) => memberOf(leg, "kept") !== true) : [];
}

function legRow(callId: string, leg: unknown, place: number): Row<"legs"> {
  const of = (name: string) => memberOf(leg, name);
  return {
    call_id: callId,
    leg: place,
    start_time: instantOf(of("startTime")),
    duration_seconds: secondsOf(leg),
    direction: textOf(of("direction")),
    type: textOf(of("type")),
    action: textOf(of("action")),
    result: textOf(of("result")),
    reason: textOf(of("reason")),
    leg_type: textOf(of("legType")),
    master: booleanOf(of("master")),
    transport: textOf(of("transport")),
    ...partyCells(leg),
    telephony_session_id: idOf(of("telephonySessionId")),
    recording_id: idOf(memberOf(of("recording"), "id")),
  };
}
