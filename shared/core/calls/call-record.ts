import { hash } from "node:crypto";
import * as z from "zod/mini";
import { isRawJson, type RawJson } from "../exact-json.ts";
import { lenient as read } from "../optional.ts";

/** Ids are opaque text; a number is accepted. */
const Id = z.pipe(
  z.union([z.string().check(z.minLength(1)), z.number(), z.custom<RawJson>(isRawJson)]),
  z.transform((id) => (isRawJson(id) ? id.rawJSON : String(id))),
);
const Recording = z.object({ id: Id, contentUri: read(z.string()), type: read(z.string()) });
const Party = z.object({
  phoneNumber: read(Id),
  extensionNumber: read(Id),
  extensionId: read(Id),
  name: read(z.string()),
});

const Extension = z.object({ id: read(z.union([z.string(), z.number()])) });
const Leg = z.object({
  telephonySessionId: read(Id),
  recording: read(Recording),
  shortRecording: read(z.boolean()),
  from: read(Party),
  to: read(Party),
  extension: read(Extension),
  /** True for a kept leg: the archive added it for a recording that only an earlier version references. */
  kept: read(z.boolean()),
});

/**
 * Fields of a call record that the archive reads; all others are stored unread.
 * https://developers.ringcentral.com/api-reference/Call-Log/readCompanyCallLog
 */
const Fields = z.object({
  id: read(Id),
  sessionId: read(Id),
  telephonySessionId: read(Id),
  extension: read(Extension),
  startTime: z.catch(z.string(), ""),
  lastModifiedTime: read(z.string()),
  direction: read(z.string()),
  result: read(z.string()),
  duration: read(z.number()),
  from: read(Party),
  to: read(Party),
  deleted: read(z.boolean()),
  shortRecording: read(z.boolean()),
  recording: read(Recording),
  legs: read(z.array(z.catch(Leg, {}))),
});
export type CallRecordFields = Omit<z.infer<typeof Fields>, "id"> & { readonly id: string };

/** A call record: the fields that the archive reads, and the whole record. */
export interface CallRecord {
  readonly fields: CallRecordFields;
  /** The whole record as RingCentral sent it. */
  readonly raw: unknown;
}

/** Never throws. A record without an id gets `unidentified <SHA-256 of its JSON>`. */
export function parseCallRecord(raw: unknown): CallRecord {
  const parsed = Fields.safeParse(raw);
  const fields = parsed.success ? parsed.data : { startTime: "" };
  const id = ("id" in fields && fields.id) || `unidentified ${hash("sha256", JSON.stringify(raw) ?? "")}`;
  return { fields: { ...fields, id }, raw };
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

export function callAndLegs(fields: CallRecordFields): CallOrLeg[] {
  return [fields, ...(fields.legs ?? [])];
}

type CallOrLeg = Pick<
  CallRecordFields,
  "telephonySessionId" | "recording" | "shortRecording" | "from" | "to" | "extension"
>;
