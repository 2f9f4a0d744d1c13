import fc from "fast-check";
import { type CallRecord, parseCallRecord } from "../../../shared/core/calls/call-record.ts";

/** Creates a record with these fields and one that the archive never reads. */
export function recordOf(fields: { readonly id: string } & Readonly<Record<string, unknown>>): CallRecord {
  return parseCallRecord({ startTime: "2026-11-01T10:00:00.000Z", ...fields, unknownToUs: { id: fields.id } });
}

export function recordingOf(id: string) {
  return { id, contentUri: `https://media.example.com/recording/${id}/content` };
}

const instants = fc
  .date({ min: new Date("2026-11-01"), max: new Date("2026-11-02"), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Versions of a few calls, each with its own time of change. A recording may come and go, on the call and its leg. */
export const versions: fc.Arbitrary<CallRecord[]> = fc.uniqueArray(
  fc
    .record({
      id: fc.constantFrom("a", "b", "c", "d"),
      lastModifiedTime: instants,
      named: fc.boolean(),
      legNamed: fc.boolean(),
      result: fc.constantFrom("Accepted", "Missed", "Voicemail"),
    })
    .map(({ id, lastModifiedTime, named, legNamed, result }) =>
      recordOf({
        id,
        lastModifiedTime,
        result,
        startTime: id < "c" ? "2026-11-01T10:00:00.000Z" : "2026-11-01T09:00:00.000Z",
        ...(named && { recording: recordingOf(`${id}-call`) }),
        legs: [legNamed ? { recording: recordingOf(`${id}-leg`) } : {}],
      }),
    ),
  { selector: ({ fields }) => fields.lastModifiedTime, maxLength: 14 },
);
