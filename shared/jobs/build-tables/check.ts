import { StorageEnvironment } from "../../wiring/environment.ts";
import { createRequestCheck } from "../../wiring/request-check.ts";
import { checkTablesRequest } from "./check-request.ts";
import { estimateTables } from "./estimate.ts";

/** Checks requests for `build-tables` and estimates its runs, for `start-run`. */
export const check = createRequestCheck({
  job: "build-tables",
  schema: StorageEnvironment,
  check: (services, fields) => {
    const { errors, request } = checkTablesRequest(fields, services);
    return { errors, request, estimate: () => estimateTables(services, request) };
  },
});
