import { reportStatus } from "../shared/jobs/report-status/report-status.ts";
import { durable } from "../shared/runtime/durable.ts";

export const handler = durable(reportStatus);
