import * as z from "zod/mini";
import { Env } from "../contract.ts";
import { isDay, isTimeZone } from "../core/days.ts";
import type { SettleRules } from "../core/settling.ts";

/** A setting in whole seconds, as text. */
export const wholeSeconds = (fallback: number) =>
  z.pipe(
    z._default(z.string().check(z.regex(/^\d{1,9}$/, "expected whole seconds")), String(fallback)),
    z.transform((text) => Number(text)),
  );

/** The environment that `archive-calls` and `start-run` share. */
export const ArchiveEnvironment = z.object({
  [Env.archiveBucket]: z.string().check(z.minLength(3)),
  [Env.stateBucket]: z.string().check(z.minLength(3)),
  [Env.timeZone]: z.string().check(z.refine(isTimeZone, "expected an IANA time zone")),
  [Env.archiveFrom]: z.string().check(z.refine(isDay, "expected a date, YYYY-MM-DD")),
  [Env.listingGap]: wholeSeconds(6 * 3600),
  [Env.settleAfter]: wholeSeconds(24 * 3600),
});
export type ArchiveEnvironment = z.infer<typeof ArchiveEnvironment>;

/** By which rules a day settles. */
export function rulesOf(config: ArchiveEnvironment): SettleRules {
  return { listingGapMs: config[Env.listingGap] * 1000, settleAfterMs: config[Env.settleAfter] * 1000 };
}
