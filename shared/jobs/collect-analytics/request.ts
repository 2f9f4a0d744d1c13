import * as z from "zod/mini";
import { AnalyticsGroups } from "../../core/analytics/analytics-selection.ts";
import { DateField } from "../../core/fields.ts";

/** What a run of `collect-analytics` is started with: days that are collected first, whatever is known of them, and of which groups. */
export const CollectRequest = z.strictObject({
  days: z._default(z.array(DateField), []),
  groups: z.optional(AnalyticsGroups),
});
export type CollectRequest = z.infer<typeof CollectRequest>;
