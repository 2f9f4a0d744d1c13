import { expect, test } from "vitest";
import { createAnalyticsCount } from "../../../shared/core/figures/count-analytics.ts";

test.each([1, 0.25])("a value of %d is counted: one call, or a part of a second", (value) => {
  const count = createAnalyticsCount();
  count.add({
    ...{ grouped_by: "Company", hour_start: undefined, key: "7", name: undefined, extension_number: undefined },
    ...{ metric: "allCalls", breakdown: undefined, value },
  });

  expect(count.figures().Company).toMatchObject([{ key: "7", calls: value }]);
});
