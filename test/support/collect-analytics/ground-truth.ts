import { expect } from "vitest";
import { requestName, sections } from "../../../lab/ringcentral/analytics/metric-selection.ts";
import { metrics as labMetrics } from "../../../lab/ringcentral/analytics/metrics.ts";
import type { RingCentralLab } from "../../../lab/ringcentral/server.ts";
import type { AnalyticsGroup, AnalyticsMetric } from "../../../shared/core/analytics/analytics-names.ts";
import { intervals } from "../../../shared/core/analytics/analytics-query.ts";
import type { AnalyticsValue } from "../../../shared/core/analytics/analytics-values.ts";
import type { AnalyticsWorld } from "./analytics-world.ts";
import { type Settings, smallSettings } from "./small-account.ts";
import { rowsOf } from "./stored-responses.ts";

/** Numbers by key, metric and breakdown. */
type Numbers = Readonly<Record<string, number>>;

/** Compares every stored number of these days with RingCentral's final number. */
export async function expectGroundTruth(
  { archive, ringCentral }: AnalyticsWorld,
  days: readonly string[],
  { groups, chosen }: Pick<Settings, "groups" | "chosen"> = smallSettings,
): Promise<void> {
  for (const day of days) {
    for (const group of groups) {
      const truth = groundTruth(ringCentral(), day, { group, chosen });
      for (const interval of intervals) {
        expect(numbersIn(await rowsOf(archive, day, { group, interval }))).toEqual(truth);
      }
    }
  }
}

/** Every final number of RingCentral for a group on a day, including zeros. */
function groundTruth(
  ringCentral: RingCentralLab,
  day: string,
  { group, chosen }: { readonly group: AnalyticsGroup; readonly chosen: readonly AnalyticsMetric[] },
): Numbers {
  const { keys, days } = ringCentral.analyticsTruth(day);
  const truth = days[day]?.groups[group];
  const requested = sections.flatMap((section) =>
    labMetrics
      .filter(({ only }) => only === undefined || only === group)
      .map((metric) => ({ section, metric, name: requestName(metric, section) }))
      .filter(({ name }) => chosen.some((each) => each === name)),
  );
  const numbers = keys[group].flatMap((key) =>
    requested.flatMap(({ section, metric, name }) => {
      const values = truth?.[key]?.[section]?.[metric.responseName]?.values;
      const parts = values as Readonly<Record<string, number>> | undefined;
      if (!metric.parts) return [[`${key} ${name}`, Number(values ?? 0)]];
      return metric.parts.map((part) => [`${key} ${name} ${part}`, parts?.[part] ?? 0]);
    }),
  );
  return Object.fromEntries(numbers);
}

/** The stored numbers. Hourly numbers are added up. */
function numbersIn(rows: readonly AnalyticsValue[]): Numbers {
  const numbers: Record<string, number> = {};
  for (const { key, metric, breakdown, value = Number.NaN } of rows) {
    const name = [key, metric, ...(breakdown === undefined ? [] : [breakdown])].join(" ");
    numbers[name] = (numbers[name] ?? 0) + value;
  }
  return numbers;
}
