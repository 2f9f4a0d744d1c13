import { describe, expect, test } from "vitest";
import { Env } from "../../../shared/contract.ts";
import { defaultGroups, metrics } from "../../../shared/core/analytics/analytics-names.ts";
import {
  AnalyticsEnvironment,
  analyticsRulesOf,
  selectedMetricsOf,
} from "../../../shared/jobs/collect-analytics/environment.ts";
import { parseConfig } from "../../../shared/runtime/config.ts";

const good = {
  [Env.archiveBucket]: "archive",
  [Env.stateBucket]: "state",
  [Env.derivedBucket]: "derived",
  [Env.timeZone]: "America/New_York",
  [Env.archiveFrom]: "2026-11-01",
};
const configOf = (environment: Readonly<Record<string, string>> = {}) =>
  parseConfig(AnalyticsEnvironment, { ...good, ...environment });

describe("an analytics setting is refused", () => {
  test.each([
    ["that names a group wrongly", { [Env.analyticsGroups]: "Users,Queus" }, "did you mean Queues?"],
    [
      "that names a metric wrongly",
      { [Env.analyticsMetrics]: "allCalls,callsActions" },
      "did you mean callsByActions?",
    ],
    ["that names nothing", { [Env.analyticsGroups]: "" }, Env.analyticsGroups],
    ["of no day to collect again", { [Env.recollectDays]: "0" }, "expected whole days, 1 to 30"],
    ["of more days than collections are kept", { [Env.recollectDays]: "31" }, "expected whole days, 1 to 30"],
    ["of half a day", { [Env.recollectDays]: "1.5" }, "expected whole days, 1 to 30"],
  ])("%s", (_what, environment, error) => {
    expect(() => configOf(environment)).toThrow(error);
  });
});

test("without settings the default groups are collected with every metric, three nights in a row", () => {
  expect(analyticsRulesOf(configOf())).toEqual({ groups: defaultGroups, recollectDays: 3 });
  expect(selectedMetricsOf(configOf())).toEqual(metrics);
});

test("the settings name groups, metrics and nights", () => {
  const config = configOf({
    [Env.analyticsGroups]: "Queues,Company",
    [Env.analyticsMetrics]: "allCallsDuration,allCalls",
    [Env.recollectDays]: "30",
  });

  expect(analyticsRulesOf(config)).toEqual({ groups: ["Company", "Queues"], recollectDays: 30 });
  expect(selectedMetricsOf(config)).toEqual(["allCalls", "allCallsDuration"]);
});

test("a group without any of the selected metrics is left out", () => {
  const config = configOf({ [Env.analyticsGroups]: "Company,Queues", [Env.analyticsMetrics]: "callsByQueueSla" });

  expect(analyticsRulesOf(config).groups).toEqual(["Queues"]);
});
