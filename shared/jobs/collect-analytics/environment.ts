import * as z from "zod/mini";
import { Env } from "../../contract.ts";
import type { AnalyticsRules } from "../../core/analytics/analytics-aggregate.ts";
import { type AnalyticsMetric, defaultGroups, hasAnyMetric, metrics } from "../../core/analytics/analytics-names.ts";
import { AnalyticsGroups, AnalyticsMetrics } from "../../core/analytics/analytics-selection.ts";
import { DateField } from "../../core/fields.ts";
import { ApiEnvironment, StorageEnvironment } from "../../wiring/environment.ts";

const names = z.pipe(
  z.string(),
  z.transform((text) => text.split(",")),
);
const days = z.pipe(
  z._default(z.string().check(z.regex(/^([1-9]|[12]\d|30)$/, "expected whole days, 1 to 30")), "3"),
  z.transform((text) => Number(text)),
);
const ownVariables = {
  [Env.archiveFrom]: DateField,
  [Env.analyticsGroups]: z.optional(z.pipe(names, AnalyticsGroups)),
  [Env.analyticsMetrics]: z.optional(z.pipe(names, AnalyticsMetrics)),
  [Env.recollectDays]: days,
};

/** The environment for estimating a run of `collect-analytics`. */
export const AnalyticsEnvironment = z.extend(StorageEnvironment, ownVariables);
export type AnalyticsEnvironment = z.infer<typeof AnalyticsEnvironment>;

/** The environment of `collect-analytics`. */
export const AnalyticsJobEnvironment = z.extend(ApiEnvironment, ownVariables);

/** Returns the rules without groups that have none of the selected metrics: such a query would be empty. */
export function analyticsRulesOf(config: AnalyticsEnvironment): AnalyticsRules {
  const selected = selectedMetricsOf(config);
  const groups = config[Env.analyticsGroups] ?? defaultGroups;
  return { groups: groups.filter((group) => hasAnyMetric(group, selected)), recollectDays: config[Env.recollectDays] };
}

export function selectedMetricsOf(config: AnalyticsEnvironment): readonly AnalyticsMetric[] {
  return config[Env.analyticsMetrics] ?? metrics;
}
