import { fieldErrors } from "../../core/field-errors.ts";
import { requestFields } from "../../jobs.ts";
import { StorageEnvironment } from "../../wiring/environment.ts";
import { createRequestCheck, type OpenRequestCheck } from "../../wiring/request-check.ts";
import { verifyArchiveDeployment } from "./deployment.ts";
import { VerifyRequest } from "./request.ts";

/** Checks requests for `verify-archive`, for `start-run`. */
export const check: OpenRequestCheck = createRequestCheck({
  deployment: verifyArchiveDeployment,
  schema: StorageEnvironment,
  check: (_services, fields) => {
    const parsed = VerifyRequest.safeParse(fields);
    const errors = parsed.success
      ? []
      : fieldErrors(parsed.error.issues, { schema: VerifyRequest, besides: requestFields });
    return { errors, request: parsed.data ?? {}, estimate: async () => ({}) };
  },
});
