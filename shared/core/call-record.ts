import * as z from "zod/mini";

/** A field that is read where it has the documented form, and left alone where it has another: no odd record may stop a night. */
const read = <T extends z.ZodMiniType>(schema: T) => z.catch(z.optional(schema), undefined);
/** Ids are opaque texts; a number is one too. */
const Id = z.pipe(
  z.union([z.string().check(z.minLength(1)), z.number()]),
  z.transform((id) => String(id)),
);
const Recording = z.object({ id: Id, contentUri: read(z.string()) });
const Party = z.object({ phoneNumber: read(Id), extensionNumber: read(Id), name: read(z.string()) });

/** The fields of a call-log record that the archive reads (RingCentral API: CallLogRecord); all others are kept and never looked at. */
const Fields = z.object({
  id: read(Id),
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
  legs: read(z.array(z.catch(z.object({ recording: read(Recording), shortRecording: read(z.boolean()) }), {}))),
});
export type CallRecordFields = Omit<z.infer<typeof Fields>, "id"> & { readonly id: string };

/** A record: what was read from it, and the whole of it as RingCentral gave it. */
export interface CallRecord {
  readonly fields: CallRecordFields;
  readonly raw: unknown;
}

/** Any record, however odd; one without an id is told apart by all that it says. */
export function callRecord(raw: unknown): CallRecord {
  const fields = Fields.safeParse(raw);
  const read = fields.success ? fields.data : { startTime: "" };
  return { fields: { ...read, id: ("id" in read && read.id) || `unidentified ${JSON.stringify(raw)}` }, raw };
}

/** A recording that a record names, on itself or on one of its legs. */
export interface NamedRecording {
  readonly id: string;
  /** Where RingCentral offers it; a recording without is named all the same, and missed. */
  readonly contentUri?: string;
  /** The record that named it first. */
  readonly record: string;
}

/** Every recording that the records name, once each: several legs may carry the same. */
export function namedRecordings(records: Iterable<CallRecord>): NamedRecording[] {
  const named = new Map<string, NamedRecording>();
  for (const { fields } of records) {
    for (const part of [fields, ...(fields.legs ?? [])]) {
      const { id, contentUri } = part.recording ?? {};
      if (id && !named.get(id)?.contentUri) {
        named.set(id, { id, ...(contentUri && { contentUri }), record: named.get(id)?.record ?? fields.id });
      }
    }
  }
  return [...named.values()];
}

/** True for a call whose recording was too short for RingCentral to keep: nothing can be fetched. */
export function isTooShort({ fields }: CallRecord): boolean {
  const parts = [fields, ...(fields.legs ?? [])];
  return parts.some((part) => part.shortRecording) && parts.every((part) => !part.recording);
}
