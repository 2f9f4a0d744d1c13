import * as z from "zod/mini";
import { Env } from "../../contract.ts";
import { AnalyticsGroups, AnalyticsMetrics } from "../../core/analytics/analytics-selection.ts";
import { jobSetting, wholeNumber } from "../../core/job-setting.ts";

/** Setting `analytics`: what is collected, and how often again. */
export const analyticsSetting = jobSetting(
  z.strictObject({
    groups: z.optional(AnalyticsGroups),
    metrics: z.optional(AnalyticsMetrics),
    recollectDays: z.optional(wholeNumber(1, 30, "expected whole days, 1 to 30")),
  }),
  ({ groups, metrics, recollectDays }) => ({
    [Env.analyticsGroups]: groups?.join(","),
    [Env.analyticsMetrics]: metrics?.join(","),
    [Env.recollectDays]: recollectDays?.toString(),
  }),
);
