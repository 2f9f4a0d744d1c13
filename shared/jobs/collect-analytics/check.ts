import { Env } from "../../contract.ts";
import { createRequestCheck, type OpenRequestCheck } from "../../wiring/request-check.ts";
import { checkCollectRequest } from "./check-request.ts";
import { collectAnalyticsDeployment } from "./deployment.ts";
import { AnalyticsEnvironment, analyticsRulesOf } from "./environment.ts";
import { estimateAnalytics } from "./estimate.ts";

/** Checks requests for `collect-analytics` and estimates its runs, for `start-run`. */
export const check: OpenRequestCheck = createRequestCheck({
  deployment: collectAnalyticsDeployment,
  schema: AnalyticsEnvironment,
  check: ({ config, ...services }, fields) => {
    const { errors, request } = checkCollectRequest(fields, services);
    const options = { ...services, archiveFrom: config[Env.archiveFrom], rules: analyticsRulesOf(config) };
    return { errors, request, estimate: () => estimateAnalytics(options, request) };
  },
});
