import * as z from "zod/mini";
import { DateField } from "../../core/fields.ts";

/** What a run of `archive-calls` is started with: days that come first, and whether to list them again; `acceptShrunk`: what they lack may be lacking. */
export const ArchiveRequest = z.strictObject({
  days: z._default(z.array(DateField), []),
  relist: z._default(z.boolean(), false),
  acceptShrunk: z._default(z.boolean(), false),
});
export type ArchiveRequest = z.infer<typeof ArchiveRequest>;
