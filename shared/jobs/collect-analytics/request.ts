import * as z from "zod/mini";
import { AnalyticsGroups } from "../../core/analytics/analytics-selection.ts";
import { DateField } from "../../core/fields.ts";

/** Request of a run: days to collect first, even if complete, and their groups. */
export const CollectRequest = z.strictObject({
  days: z._default(z.array(DateField), []),
  groups: z.optional(AnalyticsGroups),
});
export type CollectRequest = z.infer<typeof CollectRequest>;
