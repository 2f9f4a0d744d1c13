import { hash } from "node:crypto";
import { booleanOf, idOf, memberOf, numberOf, textOf } from "../lenient.ts";

/** One side of a call. */
function partyIn(raw: unknown) {
  return {
    phoneNumber: idOf(memberOf(raw, "phoneNumber")),
    extensionNumber: idOf(memberOf(raw, "extensionNumber")),
    extensionId: idOf(memberOf(raw, "extensionId")),
    name: textOf(memberOf(raw, "name")),
    location: textOf(memberOf(raw, "location")),
  };
}

function recordingIn(raw: unknown) {
  const id = idOf(memberOf(raw, "id"));
  if (id === undefined) return undefined;
  return { id, contentUri: textOf(memberOf(raw, "contentUri")), type: textOf(memberOf(raw, "type")) };
}

/** Reads the fields that a call and its legs share. */
function callOrLegIn(raw: unknown) {
  const text = (name: string) => textOf(memberOf(raw, name));
  return {
    telephonySessionId: idOf(memberOf(raw, "telephonySessionId")),
    startTime: text("startTime") ?? "",
    /** Whole seconds. */
    duration: numberOf(memberOf(raw, "duration")),
    durationMs: numberOf(memberOf(raw, "durationMs")),
    direction: text("direction"),
    type: text("type"),
    action: text("action"),
    result: text("result"),
    reason: text("reason"),
    transport: text("transport"),
    from: partyIn(memberOf(raw, "from")),
    to: partyIn(memberOf(raw, "to")),
    extension: { id: idOf(memberOf(memberOf(raw, "extension"), "id")) },
    recording: recordingIn(memberOf(raw, "recording")),
    shortRecording: booleanOf(memberOf(raw, "shortRecording")),
  };
}

function legIn(raw: unknown) {
  return {
    ...callOrLegIn(raw),
    legType: textOf(memberOf(raw, "legType")),
    master: booleanOf(memberOf(raw, "master")),
    /** True for a kept leg: the archive added it for a recording that only an earlier version references. */
    kept: booleanOf(memberOf(raw, "kept")),
  };
}

/** Fields of a call or one of its legs. */
export type CallOrLeg = Readonly<ReturnType<typeof callOrLegIn>>;
export type Leg = Readonly<ReturnType<typeof legIn>>;

/**
 * Fields of a call record that several readers need; all others are stored unread.
 * https://developers.ringcentral.com/api-reference/Call-Log/readCompanyCallLog
 */
export interface CallRecordFields extends CallOrLeg {
  readonly id: string;
  readonly sessionId: string | undefined;
  readonly lastModifiedTime: string | undefined;
  readonly deleted: boolean | undefined;
  readonly legs: readonly Leg[];
}

/** A call record: the fields that the archive reads, and the whole record. */
export interface CallRecord {
  readonly fields: CallRecordFields;
  /** The whole record as RingCentral sent it. */
  readonly raw: unknown;
}

/** Never throws. A record without an id gets `unidentified <SHA-256 of its JSON>`. */
export function parseCallRecord(raw: unknown): CallRecord {
  const legs = memberOf(raw, "legs");
  const fields = {
    ...callOrLegIn(raw),
    id: idOf(memberOf(raw, "id")) ?? `unidentified ${hash("sha256", JSON.stringify(raw) ?? "")}`,
    sessionId: idOf(memberOf(raw, "sessionId")),
    lastModifiedTime: textOf(memberOf(raw, "lastModifiedTime")),
    deleted: booleanOf(memberOf(raw, "deleted")),
    legs: Array.isArray(legs) ? legs.map(legIn) : [],
  };
  return { fields, raw };
}

/** A recording that a record or one of its legs references. */
export interface RecordingReference {
  readonly id: string;
  /** RingCentral's URL of the audio; if missing, it follows from the id. */
  readonly contentUri?: string;
  /** Id of the record that first referenced it. */
  readonly callId: string;
  /** True if RingCentral started the recording automatically, false if a user did. */
  readonly automatic: boolean;
}

/** Adds every recording that `record` references to `references`; several legs and calls may reference the same one. */
export function addRecordingReferences(references: Map<string, RecordingReference>, { fields }: CallRecord): void {
  for (const { recording } of callAndLegs(fields)) {
    const { id, contentUri, type } = recording ?? {};
    const known = id === undefined ? undefined : references.get(id);
    if (!id || known?.contentUri) continue;
    // A recording that a user deleted does not count under RingCentral's cap.
    const automatic = known?.automatic || (type === "Automatic" && !fields.deleted);
    references.set(id, { id, ...(contentUri && { contentUri }), callId: known?.callId ?? fields.id, automatic });
  }
}

/** Returns each recording that the records reference, once, with the first record's call. */
export function recordingReferences(records: Iterable<CallRecord>): RecordingReference[] {
  const references = new Map<string, RecordingReference>();
  for (const record of records) addRecordingReferences(references, record);
  return [...references.values()];
}

/** True if the call's recording was too short for RingCentral to keep: there is nothing to fetch. */
export function isTooShort({ fields }: CallRecord): boolean {
  const callOrLegs = callAndLegs(fields);
  return callOrLegs.some((each) => each.shortRecording) && callOrLegs.every((each) => !each.recording);
}

/** Results of an answered call. An old schema of RingCentral's writes "connected" with a Cyrillic "с". */
const answered = /^(Accepted|Call .onnected)$/u;
/** A guess: shorter answered calls often have no recording, because RingCentral starts late and keeps no short ones. */
const minRecordedSeconds = 30;

/** True for an answered call of at least 30 seconds that references no recording and was not deleted. */
export function isCallWithoutRecording({ fields }: CallRecord): boolean {
  const { deleted, duration = 0, result = "" } = fields;
  if (deleted || duration < minRecordedSeconds || !answered.test(result)) return false;
  return callAndLegs(fields).every(({ recording, shortRecording }) => !recording && !shortRecording);
}

/** Returns the call, then its legs. */
export function callAndLegs(fields: CallRecordFields): CallOrLeg[] {
  return [fields, ...fields.legs];
}

/** Duration in seconds, from `durationMs` (newer calls) or `duration` (whole seconds). */
export function secondsOf({ duration, durationMs }: CallOrLeg): number | undefined {
  return durationMs === undefined ? duration : durationMs / 1000;
}
