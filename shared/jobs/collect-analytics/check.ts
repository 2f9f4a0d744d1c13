import { Env } from "../../contract.ts";
import { analyticsAggregate } from "../../core/analytics/analytics-aggregate.ts";
import { createRequestCheck } from "../../wiring/request-check.ts";
import { checkCollectRequest } from "./check-request.ts";
import { AnalyticsEnvironment, analyticsRulesOf } from "./environment.ts";
import { estimateAnalytics } from "./estimate.ts";

/** Checks requests for `collect-analytics` and estimates its runs, for `start-run`. */
export const check = createRequestCheck({
  job: "collect-analytics",
  schema: AnalyticsEnvironment,
  check: ({ config, ...services }, fields) => {
    const { errors, request } = checkCollectRequest(fields, services);
    const rules = analyticsRulesOf(config);
    const options = { ...services, archiveFrom: config[Env.archiveFrom], rules, aggregate: analyticsAggregate(rules) };
    return { errors, request, estimate: () => estimateAnalytics(options, request) };
  },
});
