import { fieldErrors } from "../../core/field-errors.ts";
import { requestFields } from "../../jobs.ts";
import { StorageEnvironment } from "../../wiring/environment.ts";
import { createRequestCheck, type OpenRequestCheck } from "../../wiring/request-check.ts";
import { checkAccessDeployment } from "./deployment.ts";
import { AccessRequest } from "./request.ts";

/** Checks requests for `check-access`, and estimates its runs, for `start-run`. */
export const check: OpenRequestCheck = createRequestCheck({
  deployment: checkAccessDeployment,
  schema: StorageEnvironment,
  check: (_services, fields) => ({
    ...checkAccessRequest(fields),
    estimate: async () => ({ requestsAtLeast: 1, minutesAtLeast: 0 }),
  }),
});

/** Checks an operator's request and returns every invalid field. `revoke` revokes the token instead of checking anything. */
export function checkAccessRequest(fields: unknown): { readonly errors: readonly string[]; readonly request: object } {
  const parsed = AccessRequest.safeParse(fields);
  if (parsed.success) return { errors: [], request: parsed.data };
  return { errors: fieldErrors(parsed.error.issues, { schema: AccessRequest, besides: requestFields }), request: {} };
}
