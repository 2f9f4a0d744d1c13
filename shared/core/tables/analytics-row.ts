import type { AnalyticsValue } from "../analytics/analytics-values.ts";
import { instantOf } from "../lenient.ts";
import type { Row } from "./table-schema.ts";

/**
 * A number of an answer as a row of the table `analytics`; undefined for one of an hour that cannot be read: it would be
 * taken for the whole day's.
 */
export function analyticsRow(
  number: AnalyticsValue,
  localTime: (instantMs: number) => number | undefined,
): Row<"analytics"> | undefined {
  const { group, hourStart: written, extensionNumber, ...cells } = number;
  const hourStart = instantOf(written);
  if (written !== undefined && hourStart === undefined) return undefined;
  const shown = hourStart === undefined ? undefined : localTime(hourStart);
  return {
    grouped_by: group,
    extension_number: extensionNumber,
    hour_start: hourStart,
    hour: shown === undefined ? undefined : new Date(shown).getUTCHours(),
    ...cells,
  };
}
