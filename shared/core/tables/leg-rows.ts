import { type CallRecord, type Leg, secondsOf } from "../calls/call-record.ts";
import { instantOf } from "../lenient.ts";
import { partyCells } from "./party-cells.ts";
import type { Row } from "./table-schema.ts";

/** Returns the rows of RingCentral's legs, by their index among them. */
export function legRows({ fields }: CallRecord): Row<"legs">[] {
  return ringCentralsLegs(fields).map((leg, index) => legRow(fields.id, leg, index));
}

/** Returns RingCentral's legs, without kept legs. */
export function ringCentralsLegs({ legs }: CallRecord["fields"]): Leg[] {
  return legs.filter(({ kept }) => !kept);
}

function legRow(callId: string, leg: Leg, index: number): Row<"legs"> {
  const { direction, type, action, result, reason, master, transport } = leg;
  return {
    call_id: callId,
    leg: index,
    start_time: instantOf(leg.startTime),
    duration_seconds: secondsOf(leg),
    direction,
    type,
    action,
    result,
    reason,
    leg_type: leg.legType,
    master,
    transport,
    ...partyCells(leg),
    telephony_session_id: leg.telephonySessionId,
    recording_id: leg.recording?.id,
  };
}
