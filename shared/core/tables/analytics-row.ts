import type { AnalyticsValue } from "../analytics/analytics-values.ts";
import { instantOf } from "../lenient.ts";
import type { Row } from "./table-schema.ts";

/**
 * Returns the row of the table `analytics` for a value; undefined if its hour is unreadable, because the row would look
 * like the whole day's.
 */
export function analyticsRow(
  value: AnalyticsValue,
  localTime: (instantMs: number) => number | undefined,
): Row<"analytics"> | undefined {
  const { group, hourStart: hourStartText, extensionNumber, ...cells } = value;
  const hourStart = instantOf(hourStartText);
  if (hourStartText !== undefined && hourStart === undefined) return undefined;
  const localMs = hourStart === undefined ? undefined : localTime(hourStart);
  return {
    grouped_by: group,
    extension_number: extensionNumber,
    hour_start: hourStart,
    hour: localMs === undefined ? undefined : new Date(localMs).getUTCHours(),
    ...cells,
  };
}
