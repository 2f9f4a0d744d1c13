import * as z from "zod/mini";
import { DateField } from "../../core/fields.ts";

/** What a run of `build-tables` is started with: days that come first, and whether they are built though nothing has changed; of no days, all are. */
export const TablesRequest = z.strictObject({
  days: z._default(z.array(DateField), []),
  rebuild: z._default(z.boolean(), false),
});
export type TablesRequest = z.infer<typeof TablesRequest>;
