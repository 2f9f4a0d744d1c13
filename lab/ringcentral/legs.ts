import type { Call, Recording } from "./call.ts";
import type { CallScenario } from "./call-scenario.ts";
import { legTypeOf } from "./call-words.ts";
import type { Links } from "./links.ts";
import { callerOfLeg } from "./parties.ts";

type Json = Readonly<Record<string, unknown>>;

export interface LegsOptions {
  readonly call: Call;
  readonly scenario: CallScenario;
  readonly links: Links;
  /** Fields that every leg shares with the record. */
  readonly facts: Json;
  /** A leg's reference of a recording; undefined while the log does not reference it. */
  readonly recordingInfo: (recording: Recording | undefined) => Json | undefined;
}

/** The legs of a Detailed record; a transferred call has one more leg for each further recording. */
export function legsOf(options: LegsOptions): readonly Json[] {
  const { call, scenario, recordingInfo } = options;
  const shared = call.recordingNamedBy === "record" ? undefined : recordingInfo(call.recording);
  const legRecordings = [
    ...Array.from({ length: scenario.legCount }, () => shared),
    ...call.transfers.map(recordingInfo),
  ];
  return legRecordings.map((recording, index) => leg(options, index, recording));
}

function leg({ call, scenario, links, facts }: LegsOptions, index: number, recording: Json | undefined): Json {
  const durationMs = Math.floor(call.durationMs / (index + 1));
  const legType = legTypeOf(call, scenario, index);
  return {
    startTime: new Date(call.startMs + call.durationMs - durationMs).toISOString(),
    duration: Math.floor(durationMs / 1000),
    durationMs,
    ...facts,
    ...(legType === "PstnToSip" && index > 0 && ringOut),
    from: callerOfLeg(call, scenario),
    to: { extensionNumber: scenario.extension.number, name: scenario.extension.name },
    legType,
    ...(index === 0 ? { master: true } : call.turn % 2 === 0 && { master: false }),
    extension: { uri: links.extension(scenario.extension.id), id: scenario.extension.id },
    ...(recording && { recording }),
  };
}

/** Leg of a phone that rang unanswered, as seen in 2026: it is outbound although the call is not. */
const ringOut = { direction: "Outbound", action: "VoIP Call", result: "IP Phone Offline", reason: "No Digital Line" };
