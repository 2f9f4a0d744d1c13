import { StorageEnvironment } from "../../wiring/environment.ts";
import { createRequestCheck, type OpenRequestCheck } from "../../wiring/request-check.ts";
import { checkTablesRequest } from "./check-request.ts";
import { buildTablesDeployment } from "./deployment.ts";
import { estimateTables } from "./estimate.ts";

/** Checks requests for `build-tables` and estimates its runs, for `start-run`. */
export const check: OpenRequestCheck = createRequestCheck({
  deployment: buildTablesDeployment,
  schema: StorageEnvironment,
  check: (services, fields) => {
    const { errors, request } = checkTablesRequest(fields, services);
    return { errors, request, estimate: () => estimateTables(services, request) };
  },
});
