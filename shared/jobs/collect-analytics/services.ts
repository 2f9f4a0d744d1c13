import { Env } from "../../contract.ts";
import {
  type AnalyticsAggregate,
  type AnalyticsRules,
  analyticsAggregate,
} from "../../core/analytics/analytics-aggregate.ts";
import type { AnalyticsMetric } from "../../core/analytics/analytics-names.ts";
import type { Day } from "../../core/time/days.ts";
import { parseConfig } from "../../runtime/config.ts";
import { type ApiServices, openApi } from "../../wiring/api-services.ts";
import { lazyServices } from "../../wiring/lazy-services.ts";
import { AnalyticsJobEnvironment, analyticsRulesOf, selectedMetricsOf } from "./environment.ts";

/** What the steps of `collect-analytics` work with. */
export interface AnalyticsServices extends ApiServices {
  /** Nothing before is asked for of its own accord. */
  readonly archiveFrom: Day;
  readonly rules: AnalyticsRules;
  readonly aggregate: AnalyticsAggregate;
  /** What is asked for of each group that has it. */
  readonly selectedMetrics: readonly AnalyticsMetric[];
}

/** Opens what the steps of `collect-analytics` work with. */
export const analyticsServices = lazyServices<AnalyticsServices>("collect-analytics", (environment, options) => {
  const config = parseConfig(AnalyticsJobEnvironment, environment);
  const api = openApi(config, { ...options, paced: "light" });
  const rules = analyticsRulesOf(config);
  const own = {
    archiveFrom: config[Env.archiveFrom],
    rules,
    aggregate: analyticsAggregate(rules),
    selectedMetrics: selectedMetricsOf(config),
  };
  return async (run) => ({ ...(await api(run)), ...own });
});
