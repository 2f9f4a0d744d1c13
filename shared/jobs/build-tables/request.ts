import * as z from "zod/mini";
import { DateField } from "../../core/fields.ts";

/** Request of a run: days to build first. `rebuild` builds them, or all days if none is given, even if unchanged. */
export const TablesRequest = z.strictObject({
  days: z._default(z.array(DateField), []),
  rebuild: z._default(z.boolean(), false),
});
export type TablesRequest = z.infer<typeof TablesRequest>;
