import * as z from "zod/mini";
import { Instant } from "../fields.ts";

/**
 * Result of one check of an installation. `warning`: nothing stops tonight, or the check could not be made. `fault`: jobs
 * fail because of it.
 */
export const AccessLine = z.object({
  check: z.string(),
  level: z.enum(["ok", "warning", "fault"]),
  /** What was seen. Never a secret, a phone number or a person's name. */
  seen: z.string(),
  /** What the operator does next. */
  todo: z.optional(z.string()),
});
export type AccessLine = z.infer<typeof AccessLine>;

/** A run's report of all its checks, as stored in the state bucket. */
export const AccessReport = z.object({
  schema: z.literal("nightshift/access-report/1"),
  run: z.string(),
  at: Instant,
  /** End of the credential's JWT. Absent if the JWT does not say, or could not be read. */
  credentialExpiresAt: z.optional(Instant),
  /** RingCentral's time zone of the account. */
  timeZone: z.optional(z.string()),
  lines: z.array(AccessLine),
});
export type AccessReport = z.infer<typeof AccessReport>;

export function okLine(check: string, seen: string): AccessLine {
  return { check, level: "ok", seen };
}

export function warningLine(check: string, seen: string, todo: string): AccessLine {
  return { check, level: "warning", seen, todo };
}

export function faultLine(check: string, seen: string, todo: string): AccessLine {
  return { check, level: "fault", seen, todo };
}

/** Returns how many lines have the level. */
export function countLevel(lines: readonly AccessLine[], level: AccessLine["level"]): number {
  return lines.filter((line) => line.level === level).length;
}
