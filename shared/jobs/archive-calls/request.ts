import * as z from "zod/mini";
import { DateField } from "../../core/fields.ts";

/**
 * Request of a run: days to process first, whether to list closed ones again, and whether to believe shrunk listings.
 */
export const ArchiveRequest = z.strictObject({
  days: z._default(z.array(DateField), []),
  relist: z._default(z.boolean(), false),
  acceptShrunk: z._default(z.boolean(), false),
});
export type ArchiveRequest = z.infer<typeof ArchiveRequest>;
