import * as z from "zod/mini";
import { Env } from "../../contract.ts";
import { AnalyticsGroups } from "../../core/analytics/analytics-selection.ts";
import { fieldErrors } from "../../core/field-errors.ts";
import { dayFields, requestedDays } from "../../core/time/requested-days.ts";
import { requestFields } from "../../jobs.ts";
import { createRequestCheck, type OpenRequestCheck } from "../../wiring/request-check.ts";
import { collectAnalyticsDeployment } from "./deployment.ts";
import { AnalyticsEnvironment, analyticsRulesOf } from "./environment.ts";
import { estimateAnalytics } from "./estimate.ts";
import { earliestAnalyticsDay } from "./find-days-to-collect.ts";
import type { CollectRequest } from "./request.ts";

/** Checks requests for `collect-analytics` and estimates its runs, for `start-run`. */
export const check: OpenRequestCheck = createRequestCheck({
  deployment: collectAnalyticsDeployment,
  schema: AnalyticsEnvironment,
  check: ({ config, ...services }, fields) => {
    const { errors, request } = checkCollectRequest(fields, services);
    const options = { ...services, archiveFrom: config[Env.archiveFrom], rules: analyticsRulesOf(config) };
    return { errors, request, estimate: () => estimateAnalytics(options, request) };
  },
});

const Fields = z.strictObject({ ...dayFields, groups: z.optional(AnalyticsGroups) });

/**
 * Checks an operator's request and returns every invalid field. Requested days are collected first, even if complete.
 */
export function checkCollectRequest(
  fields: unknown,
  { now, timeZone }: { readonly now: Date; readonly timeZone: string },
): { readonly errors: readonly string[]; readonly request: CollectRequest } {
  const parsed = Fields.safeParse(fields);
  const earliest = earliestAnalyticsDay(now, timeZone);
  const reason = `RingCentral has no analytics of days before ${earliest}`;
  const requested = requestedDays(fields, { now, timeZone, earliest: { day: earliest, reason } });
  const groups = parsed.success ? parsed.data.groups : undefined;
  const errors = [
    ...(parsed.success ? [] : fieldErrors(parsed.error.issues, { schema: Fields, besides: requestFields })),
    ...requested.errors,
    ...(groups && !requested.isNamed ? ["groups: needs days, or from and to"] : []),
  ];
  if (errors.length > 0) return { errors, request: { days: [] } };
  return { errors, request: { days: [...requested.days], ...(groups && { groups }) } };
}
