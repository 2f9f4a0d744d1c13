import { expect, test } from "vitest";
import { embeddedValues } from "./embedded-metrics.ts";

const directive = (...Dimensions: readonly (readonly string[])[]) => ({
  Namespace: "N",
  Dimensions,
  Metrics: [{ Name: "Count" }],
});

test("a line publishes each of its metrics once for each set of dimensions", () => {
  const line = {
    _aws: { Timestamp: 1, CloudWatchMetrics: [directive(["stack", "service"], ["stack"])] },
    ...{ stack: "a", service: "b", Count: 3, other: 9 },
  };

  expect(embeddedValues(JSON.stringify(line))).toEqual([
    {
      ...{ namespace: "N", metric: "Count", value: 3 },
      dimensions: [
        { Name: "stack", Value: "a" },
        { Name: "service", Value: "b" },
      ],
    },
    { namespace: "N", metric: "Count", dimensions: [{ Name: "stack", Value: "a" }], value: 3 },
  ]);
});

test("a list is as many values", () => {
  const line = { _aws: { Timestamp: 1, CloudWatchMetrics: [directive([])] }, Count: [1, 2] };

  expect(embeddedValues(JSON.stringify(line)).map(({ value }) => value)).toEqual([1, 2]);
});

test.each(["START RequestId: 1", '{"level":"INFO","message":"run finished"}'])("%s publishes nothing", (line) => {
  expect(embeddedValues(line)).toEqual([]);
});
