import * as z from "zod/mini";
import { Count, Instant, TimeZoneField } from "./fields.ts";
import type { Day, Span } from "./time/days.ts";

/** Fields of every manifest. */
export const dayManifestFields = {
  account: z.string(),
  day: z.string(),
  timeZone: TimeZoneField,
  /** The day's span is `[from, to)`. */
  from: Instant,
  to: Instant,
  revision: Count,
  /** SHA-256 of the previous revision's bytes, base64; absent in the first. */
  previousSha256: z.optional(z.string()),
  writtenAt: Instant,
  /** The run that wrote this revision. */
  run: z.string(),
  status: z.enum(["open", "closed"]),
};

/** Returns these fields of a day that no run has written yet. */
export function emptyDay(account: string, day: Day, timeZone: string, { from, to }: Span): DayManifest {
  return {
    ...{ account, day, timeZone, from: from.toISOString(), to: to.toISOString() },
    ...{ revision: 0, writtenAt: new Date(0).toISOString(), run: "", status: "open" },
  };
}

const DayManifest = z.object(dayManifestFields);
export type DayManifest = Readonly<z.infer<typeof DayManifest>>;
