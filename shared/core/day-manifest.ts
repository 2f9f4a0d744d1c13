import * as z from "zod/mini";
import { Count, Instant, TimeZoneField } from "./fields.ts";

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

const DayManifest = z.object(dayManifestFields);
export type DayManifest = Readonly<z.infer<typeof DayManifest>>;
