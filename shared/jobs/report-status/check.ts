import { fieldErrors } from "../../core/field-errors.ts";
import { requestFields } from "../../jobs.ts";
import { StorageEnvironment } from "../../wiring/environment.ts";
import { createRequestCheck, type OpenRequestCheck } from "../../wiring/request-check.ts";
import { reportStatusDeployment } from "./deployment.ts";
import { StatusRequest } from "./request.ts";

/** Checks requests for `report-status`, for `start-run`. */
export const check: OpenRequestCheck = createRequestCheck({
  deployment: reportStatusDeployment,
  schema: StorageEnvironment,
  check: (_services, fields) => {
    const parsed = StatusRequest.safeParse(fields);
    const errors = parsed.success
      ? []
      : fieldErrors(parsed.error.issues, { schema: StatusRequest, besides: requestFields });
    return { errors, request: {}, estimate: async () => ({}) };
  },
});
