import * as z from "zod/mini";
import { AnalyticsGroups } from "../../core/analytics/analytics-selection.ts";
import { fieldErrors } from "../../core/field-errors.ts";
import { dayFields, requestedDays } from "../../core/time/requested-days.ts";
import { requestFields } from "../../jobs.ts";
import { earliestAnalyticsDay } from "./find-days-to-collect.ts";
import type { CollectRequest } from "./request.ts";

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
