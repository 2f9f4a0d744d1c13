import * as z from "zod/mini";
import { fieldErrors } from "../../core/field-errors.ts";
import { requestFields } from "../../jobs.ts";
import { StorageEnvironment } from "../../wiring/environment.ts";
import { createRequestCheck, type OpenRequestCheck } from "../../wiring/request-check.ts";
import { checkAccessDeployment } from "./deployment.ts";

const Fields = z.strictObject({});

/** Checks requests for `check-access`, which have no fields, and estimates its runs, for `start-run`. */
export const check: OpenRequestCheck = createRequestCheck({
  deployment: checkAccessDeployment,
  schema: StorageEnvironment,
  check: (_services, fields) => {
    const parsed = Fields.safeParse(fields);
    const errors = parsed.success ? [] : fieldErrors(parsed.error.issues, { schema: Fields, besides: requestFields });
    return { errors, request: {}, estimate: async () => ({ requestsAtLeast: 1, minutesAtLeast: 0 }) };
  },
});
