import { fieldErrors } from "../../core/field-errors.ts";
import { requestFields } from "../../jobs.ts";
import { StorageEnvironment } from "../../wiring/environment.ts";
import { createRequestCheck, type OpenRequestCheck } from "../../wiring/request-check.ts";
import { verifyArchiveDeployment } from "./deployment.ts";
import { VerifyRequest } from "./request.ts";

/** Checks requests for `verify-archive`, for `start-run`. It does not estimate how much a run reads. */
export const check: OpenRequestCheck = createRequestCheck({
  deployment: verifyArchiveDeployment,
  schema: StorageEnvironment,
  check: (_services, fields) => ({ ...checkVerifyRequest(fields), estimate: async () => ({}) }),
});

/** Checks an operator's request and returns every invalid field. */
export function checkVerifyRequest(fields: unknown): { readonly errors: readonly string[]; readonly request: object } {
  const parsed = VerifyRequest.safeParse(fields);
  if (parsed.success) return { errors: [], request: parsed.data };
  return { errors: fieldErrors(parsed.error.issues, { schema: VerifyRequest, besides: requestFields }), request: {} };
}
