import * as z from "zod/mini";
import { isTimeZone } from "./time/days.ts";

const Count = z.number().check(z.int(), z.nonnegative());

/** What the manifest of any day says of the day and of itself. */
export const dayManifestFields = {
  account: z.string(),
  day: z.string(),
  timeZone: z.string().check(z.refine(isTimeZone, "expected an IANA time zone")),
  /** Instants: the day is `[from, to)`. */
  from: z.string(),
  to: z.string(),
  revision: Count,
  /** SHA-256 of the bytes of the revision before this one, base64. */
  previousSha256: z.optional(z.string()),
  writtenAt: z.string(),
  /** The run that wrote this revision. */
  run: z.string(),
  status: z.enum(["open", "closed"]),
};

const DayManifest = z.object(dayManifestFields);
export type DayManifest = Readonly<z.infer<typeof DayManifest>>;
