import { describe, expect, test } from "vitest";
import { groups, metrics } from "../../../shared/core/analytics/analytics-names.ts";
import { AnalyticsGroups, AnalyticsMetrics } from "../../../shared/core/analytics/analytics-selection.ts";
import { fieldErrorText } from "../../../shared/core/field-errors.ts";

const errorsOf = (parsed: ReturnType<typeof AnalyticsGroups.safeParse | typeof AnalyticsMetrics.safeParse>) =>
  parsed.error && fieldErrorText(parsed.error.issues);

describe("a list is refused if it is one", () => {
  test.each([
    [
      "that names an unknown group, and the intended one is suggested",
      ["Users", "Queus"],
      '1: unknown group; did you mean Queues? (given: "Queus")',
    ],
    ["that names something else", [7], "0: expected the name of a group (given: 7)"],
    ["that is a text", "Users", '(whole): expected a list of groups (given: "Users")'],
    ["that is empty", [], "(whole): must contain a group"],
  ])("%s", (_what, list, error) => {
    expect(errorsOf(AnalyticsGroups.safeParse(list))).toBe(error);
  });

  test("that names a metric as responses do", () => {
    expect(errorsOf(AnalyticsMetrics.safeParse(["callsActions", "allCals"]))).toBe(
      '0: unknown metric; did you mean callsByActions? (given: "callsActions"); ' +
        '1: unknown metric; did you mean allCalls? (given: "allCals")',
    );
  });
});

test("each name is parsed once, in the order of requests", () => {
  expect(AnalyticsGroups.parse(["Queues", "Company", "Queues"])).toEqual(["Company", "Queues"]);
  expect(AnalyticsGroups.parse([...groups].reverse())).toEqual(groups);
  expect(AnalyticsMetrics.parse([...metrics].reverse())).toEqual(metrics);
});
