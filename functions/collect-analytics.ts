import { collectAnalytics } from "../shared/jobs/collect-analytics/collect-analytics.ts";
import { durable } from "../shared/runtime/durable.ts";

export const handler = durable(collectAnalytics);
