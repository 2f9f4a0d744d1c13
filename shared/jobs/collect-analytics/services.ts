import { Env } from "../../contract.ts";
import {
  type AnalyticsAggregate,
  type AnalyticsRules,
  analyticsAggregate,
} from "../../core/analytics/analytics-aggregate.ts";
import type { AnalyticsDayEvent, AnalyticsManifest } from "../../core/analytics/analytics-manifest.ts";
import type { AnalyticsMetric } from "../../core/analytics/analytics-names.ts";
import type { Day } from "../../core/time/days.ts";
import { parseConfig } from "../../runtime/config.ts";
import { type ApiServices, openApi } from "../../wiring/api-services.ts";
import { createDayStores, type OpenDayStore } from "../../wiring/day-stores.ts";
import { lazyServices } from "../../wiring/lazy-services.ts";
import { collectAnalyticsDeployment } from "./deployment.ts";
import { AnalyticsJobEnvironment, analyticsRulesOf, selectedMetricsOf } from "./environment.ts";

/** Services for the steps of `collect-analytics`. */
export interface AnalyticsServices extends ApiServices {
  /** First day to collect unless requested. */
  readonly archiveFrom: Day;
  readonly rules: AnalyticsRules;
  readonly aggregate: AnalyticsAggregate;
  readonly dayStore: OpenDayStore<AnalyticsManifest, AnalyticsDayEvent>;
  /** Metrics to collect from each group that has them. */
  readonly selectedMetrics: readonly AnalyticsMetric[];
}

/** Opens the services of `collect-analytics`. */
export const analyticsServices = lazyServices<AnalyticsServices>("collect-analytics", (environment, options) => {
  const config = parseConfig(AnalyticsJobEnvironment, environment);
  const api = openApi(config, { ...options, deployment: collectAnalyticsDeployment });
  const rules = analyticsRulesOf(config);
  const aggregate = analyticsAggregate(rules);
  const dayStores = createDayStores(aggregate);
  const jobServices = {
    archiveFrom: config[Env.archiveFrom],
    rules,
    aggregate,
    selectedMetrics: selectedMetricsOf(config),
  };
  return async (run) => {
    const services = await api(run);
    return { ...services, ...jobServices, dayStore: dayStores(services) };
  };
});
