import * as z from "zod/mini";

const Recording = z.object({ id: z.string(), contentUri: z.string() });
const Party = z.object({
  phoneNumber: z.optional(z.string()),
  extensionNumber: z.optional(z.string()),
  name: z.optional(z.string()),
});

/** The fields of a call-log record that the archive reads (RingCentral API: CallLogRecord); all others are kept and never looked at. */
export const CallRecordFields = z.object({
  id: z.string(),
  startTime: z.string(),
  lastModifiedTime: z.optional(z.string()),
  direction: z.optional(z.string()),
  result: z.optional(z.string()),
  duration: z.optional(z.number()),
  from: z.optional(Party),
  to: z.optional(Party),
  deleted: z.optional(z.boolean()),
  shortRecording: z.optional(z.boolean()),
  recording: z.optional(Recording),
  legs: z.optional(z.array(z.object({ recording: z.optional(Recording), shortRecording: z.optional(z.boolean()) }))),
});
export type CallRecordFields = z.infer<typeof CallRecordFields>;

/** A record: what was read from it, and the whole of it as RingCentral gave it. */
export interface CallRecord {
  readonly fields: CallRecordFields;
  readonly raw: unknown;
}

/** A recording that a record names, on itself or on one of its legs. */
export interface NamedRecording {
  readonly id: string;
  readonly contentUri: string;
  /** The record that named it first. */
  readonly record: string;
}

/** Every recording that the records name, once each: several legs may carry the same. */
export function namedRecordings(records: Iterable<CallRecord>): NamedRecording[] {
  const named = new Map<string, NamedRecording>();
  for (const { fields } of records) {
    for (const part of [fields, ...(fields.legs ?? [])]) {
      const { id, contentUri } = part.recording ?? {};
      if (id && contentUri && !named.has(id)) named.set(id, { id, contentUri, record: fields.id });
    }
  }
  return [...named.values()];
}

/** True for a call whose recording was too short for RingCentral to keep: nothing can be fetched. */
export function isTooShort({ fields }: CallRecord): boolean {
  const parts = [fields, ...(fields.legs ?? [])];
  return parts.some((part) => part.shortRecording) && parts.every((part) => !part.recording);
}
