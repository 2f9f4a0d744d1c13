import * as z from "zod/mini";
import { isDay } from "../../core/time/days.ts";

const Day = z.string().check(z.refine(isDay, "expected a date that exists, YYYY-MM-DD"));

/** What a run of `archive-calls` is started with: days that come first, and whether to list them again; `acceptShrunk`: what they lack may be lacking. */
export const ArchiveRequest = z.strictObject({
  days: z._default(z.array(Day), []),
  relist: z._default(z.boolean(), false),
  acceptShrunk: z._default(z.boolean(), false),
});
export type ArchiveRequest = z.infer<typeof ArchiveRequest>;
