import * as z from "zod/mini";
import { fieldErrors } from "../../core/field-errors.ts";
import { dayFields, requestedDays } from "../../core/time/requested-days.ts";
import { requestFields } from "../../jobs.ts";
import { createRequestCheck, type OpenRequestCheck } from "../../wiring/request-check.ts";
import { buildPagesDeployment } from "./deployment.ts";
import { PagesEnvironment, pagesFacts } from "./environment.ts";
import { estimatePages } from "./estimate.ts";
import type { PagesRequest } from "./request.ts";

/** Checks requests for `build-pages` and estimates its runs, for `start-run`. */
export const check: OpenRequestCheck = createRequestCheck({
  deployment: buildPagesDeployment,
  schema: PagesEnvironment,
  check: ({ config, now, ...services }, fields) => {
    const { errors, request } = checkPagesRequest(fields, { ...services, now });
    const planned = { ...services, ...pagesFacts(config), now: () => now };
    return { errors, request, estimate: () => estimatePages(planned, request) };
  },
});

const Fields = z.strictObject(dayFields);

/** Checks an operator's request and returns every invalid field. The pages of its days are written even if unchanged. */
export function checkPagesRequest(
  fields: unknown,
  options: { readonly now: Date; readonly timeZone: string },
): { readonly errors: readonly string[]; readonly request: PagesRequest } {
  const parsed = Fields.safeParse(fields);
  const { errors: dayErrors, days } = requestedDays(fields, options);
  const errors = [
    ...(parsed.success ? [] : fieldErrors(parsed.error.issues, { schema: Fields, besides: requestFields })),
    ...dayErrors,
  ];
  return { errors, request: { days: errors.length > 0 ? [] : [...days] } };
}
