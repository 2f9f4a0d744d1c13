import { StorageEnvironment } from "../../wiring/environment.ts";
import { createRequestCheck } from "../../wiring/request-check.ts";
import { checkTablesRequest } from "./check-request.ts";
import { estimateTables } from "./estimate.ts";

/** How `start-run` checks a request for `build-tables` and tells what it will do. */
export const check = createRequestCheck({
  job: "build-tables",
  schema: StorageEnvironment,
  check: (services, fields) => {
    const { errors, request } = checkTablesRequest(fields, services);
    return { errors, request, estimate: () => estimateTables(services, request) };
  },
});
