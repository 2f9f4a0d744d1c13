import * as z from "zod/mini";
import { fieldErrors } from "../../core/field-errors.ts";
import { trueOrFalse } from "../../core/given-value.ts";
import { dayFields, requestedDays } from "../../core/time/requested-days.ts";
import { requestFields } from "../../jobs.ts";
import { StorageEnvironment } from "../../wiring/environment.ts";
import { createRequestCheck, type OpenRequestCheck } from "../../wiring/request-check.ts";
import { buildTablesDeployment } from "./deployment.ts";
import { estimateTables } from "./estimate.ts";
import type { TablesRequest } from "./request.ts";

/** Checks requests for `build-tables` and estimates its runs, for `start-run`. */
export const check: OpenRequestCheck = createRequestCheck({
  deployment: buildTablesDeployment,
  schema: StorageEnvironment,
  check: (services, fields) => {
    const { errors, request } = checkTablesRequest(fields, services);
    return { errors, request, estimate: () => estimateTables(services, request) };
  },
});

const Fields = z.strictObject({ ...dayFields, rebuild: z.optional(z.boolean(trueOrFalse)) });

/**
 * Checks an operator's request and returns every invalid field. `rebuild` builds the days, or all, even if unchanged.
 */
export function checkTablesRequest(
  fields: unknown,
  options: { readonly now: Date; readonly timeZone: string },
): { readonly errors: readonly string[]; readonly request: TablesRequest } {
  const parsed = Fields.safeParse(fields);
  const { errors: dayErrors, days } = requestedDays(fields, options);
  const errors = [
    ...(parsed.success ? [] : fieldErrors(parsed.error.issues, { schema: Fields, besides: requestFields })),
    ...dayErrors,
  ];
  if (errors.length > 0 || !parsed.success) return { errors, request: { days: [], rebuild: false } };
  return { errors, request: { days: [...days], rebuild: parsed.data.rebuild === true } };
}
