import { type Call, isDeleted, isUnsettled, lastModifiedMs, type Recording } from "./call.ts";
import { type CallScenario, scenarioOf } from "./call-scenario.ts";
import { actionOf, internalTypeOf, reasonOf, resultOf } from "./call-words.ts";
import type { Account } from "./create-account.ts";
import { legsOf } from "./legs.ts";
import type { Links } from "./links.ts";
import { extensionOf, parties } from "./parties.ts";
import { rareMembers } from "./rare-members.ts";
import type { Retention } from "./retention.ts";

export type View = "Simple" | "Detailed";

type Json = Readonly<Record<string, unknown>>;

/** A record in the API's form; only the members that the lab itself reads are declared. */
export type CallRecord = Json & { readonly id: string; readonly startTime: string };

export interface RecordOptions {
  readonly account: Account;
  readonly links: Links;
  readonly view: View;
  readonly nowMs: number;
  readonly retention: Retention;
}

export function renderRecord(call: Call, options: RecordOptions): CallRecord {
  const { account, links, view, nowMs } = options;
  const scenario = scenarioOf(call, account);
  const recording = call.recordingNamedBy === "leg" ? undefined : recordingInfo(call.recording, options);
  return {
    uri: links.record(call.id, view),
    id: call.id,
    startTime: new Date(call.startMs).toISOString(),
    duration: Math.floor(call.durationMs / 1000),
    durationMs: call.durationMs,
    sessionId: scenario.sessionId,
    ...factsOf(call, scenario),
    ...endOf(call, scenario, nowMs),
    ...parties({ call, scenario, links }),
    ...extensionOf({ call, scenario, links }),
    ...rareMembers(call),
    ...(recording && { recording }),
    ...(call.short && { shortRecording: true }),
    ...messageOf(call, scenario, links),
    ...(isDeleted(call, nowMs) && { deleted: true }),
    notInAnySchema: { since: "tomorrow", large: 999_999_999_999_999 },
    ...(call.extraBytes && { [longMember]: longText(call.extraBytes).text }),
    ...(view === "Detailed" && details(call, scenario, options)),
  };
}

/** An undocumented member that makes a record as long as one with very many legs. */
export const longMember = "alsoInNoSchema";

const longTexts = new Map<number, { readonly text: string; readonly bytes: Buffer }>();

/** Caches one text and its bytes for all records of a length. */
export function longText(length: number): { readonly text: string; readonly bytes: Buffer } {
  const bytes = longTexts.get(length)?.bytes ?? Buffer.alloc(length, "x");
  const long = longTexts.get(length) ?? { bytes, text: bytes.toString("latin1") };
  longTexts.set(length, long);
  return long;
}

/** Returns the members that only the Detailed view has (OpenAPI: CallLogRecord). */
function details(call: Call, scenario: CallScenario, options: RecordOptions): Json {
  const { links, nowMs } = options;
  return {
    lastModifiedTime: new Date(lastModifiedMs(call, nowMs)).toISOString(),
    billing: { costIncluded: isUnsettled(call, nowMs) ? 0 : 0.137, costPurchased: 0 },
    legs: legsOf({
      call,
      scenario,
      links,
      facts: { ...factsOf(call, scenario), result: resultOf(call, scenario), ...rareMembers(call) },
      recordingInfo: (recording) => recordingInfo(recording, options),
    }),
  };
}

/** Returns the members that the record and its legs share. */
function factsOf(call: Call, scenario: CallScenario): Json {
  const { inbound, telephonySessionId, transport } = scenario;
  return {
    telephonySessionId,
    type: call.fax ? "Fax" : "Voice",
    direction: inbound ? "Inbound" : "Outbound",
    action: actionOf(call, scenario),
    transport,
    internalType: internalTypeOf(call, scenario),
  };
}

/** Returns how the call ended, if that is settled. */
function endOf(call: Call, scenario: CallScenario, nowMs: number): Json {
  if (isUnsettled(call, nowMs)) return { result: "Unknown", finished: false };
  const [result, reason] = [resultOf(call, scenario), reasonOf(call)];
  return {
    result,
    ...(reason && { reason, reasonDescription: `The lab's reason: ${reason}` }),
    ...(call.turn % 2 === 0 && { finished: result !== "In Progress" }),
  };
}

/** Returns the message of a fax or a voicemail. */
function messageOf(call: Call, scenario: CallScenario, links: Links): Json {
  const type = call.fax ? "Fax" : resultOf(call, scenario) === "Voicemail" ? "VoiceMail" : undefined;
  const id = String(call.seed);
  return type ? { message: { id, type, uri: links.message(id) } } : {};
}

function recordingInfo(recording: Recording | undefined, options: RecordOptions): Json | undefined {
  const { links, nowMs, retention } = options;
  if (!recording || !retention.isNamed(recording, nowMs)) return undefined;
  const { id, type, withoutContentUri } = recording;
  return { uri: links.recording(id), id, type, ...(!withoutContentUri && { contentUri: links.content(id) }) };
}
