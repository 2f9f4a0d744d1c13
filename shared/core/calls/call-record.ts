import { hash } from "node:crypto";
import * as z from "zod/mini";
import { isRawJson, type RawJson } from "../exact-json.ts";
import { lenient as read } from "../optional.ts";

/** Ids are opaque texts; a number is one too. */
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
  /** Ours: a leg that stands for a recording which only an earlier version of the record named. */
  kept: read(z.boolean()),
});

/** The fields of a call-log record that the archive reads (RingCentral API: CallLogRecord); all others are kept and never looked at. */
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

/** A record: what was read from it, and the whole of it as RingCentral gave it. */
export interface CallRecord {
  readonly fields: CallRecordFields;
  readonly raw: unknown;
}

/** Any record, however odd; one without an id is told apart by all that it says, of which only a hash is told. */
export function parseCallRecord(raw: unknown): CallRecord {
  const fields = Fields.safeParse(raw);
  const read = fields.success ? fields.data : { startTime: "" };
  return {
    fields: { ...read, id: ("id" in read && read.id) || `unidentified ${hash("sha256", JSON.stringify(raw) ?? "")}` },
    raw,
  };
}

/** A recording that a record names, on itself or on one of its legs. */
export interface RecordingReference {
  readonly id: string;
  /** Where RingCentral offers it; of a recording without, the URL follows from its id. */
  readonly contentUri?: string;
  /** The record that named it first. */
  readonly callId: string;
  /** Made by RingCentral itself, as the account's settings say, not by a person in the call. */
  readonly automatic: boolean;
}

/** Notes every recording that `record` names, once each: several legs and calls may carry the same. */
export function addRecordingReferences(named: Map<string, RecordingReference>, { fields }: CallRecord): void {
  for (const part of callAndLegs(fields)) {
    const { id, contentUri, type } = part.recording ?? {};
    const known = id === undefined ? undefined : named.get(id);
    if (!id || known?.contentUri) continue;
    // What people have deleted makes room under RingCentral's cap.
    const automatic = known?.automatic || (type === "Automatic" && !fields.deleted);
    named.set(id, { id, ...(contentUri && { contentUri }), callId: known?.callId ?? fields.id, automatic });
  }
}

/** Every recording that the records name. */
export function recordingReferences(records: Iterable<CallRecord>): RecordingReference[] {
  const named = new Map<string, RecordingReference>();
  for (const record of records) addRecordingReferences(named, record);
  return [...named.values()];
}

/** True for a call whose recording was too short for RingCentral to keep: nothing can be fetched. */
export function isTooShort({ fields }: CallRecord): boolean {
  const parts = callAndLegs(fields);
  return parts.some((part) => part.shortRecording) && parts.every((part) => !part.recording);
}

/** A result of an answered call; an old schema of RingCentral's writes the second with a Cyrillic "с". */
const answered = /^(Accepted|Call .onnected)$/u;
/** Guess: an answered call that is shorter often has no recording, for RingCentral begins late and keeps nothing short. */
const minRecordedSeconds = 30;

/** True for an answered call of at least 30 seconds that names no recording, and was not deleted. */
export function isCallWithoutRecording({ fields }: CallRecord): boolean {
  const { deleted, duration = 0, result = "" } = fields;
  if (deleted || duration < minRecordedSeconds || !answered.test(result)) return false;
  return callAndLegs(fields).every((part) => !part.recording && !part.shortRecording);
}

/** The call itself and its legs: what may name a recording, and who took part. */
export function callAndLegs(fields: CallRecordFields): CallOrLeg[] {
  return [fields, ...(fields.legs ?? [])];
}

type CallOrLeg = Pick<
  CallRecordFields,
  "telephonySessionId" | "recording" | "shortRecording" | "from" | "to" | "extension"
>;
