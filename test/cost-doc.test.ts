import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pricesUsd, usage, usdOf } from "../shared/core/aws-cost.ts";
import { resourcesOf } from "./support/infra/resources.ts";
import { templateOf } from "./support/infra/stack.ts";

const text = readFileSync(join(import.meta.dirname, "../docs/cost.md"), "utf8");
const rows = [...text.matchAll(/^\| (.*) \|$/gm)].map(([, row = ""]) => row.split(" | "));
/** The row that begins so. */
const rowOf = (begins: string) => rows.find(([name = ""]) => name.startsWith(begins)) ?? [];
const usd = (amount: number) => amount.toFixed(2);

describe("docs/cost.md", () => {
  test.each([
    ["a recording", usage.recording],
    ["an analytics query", usage.analyticsQuery],
    ["a day of tables", usage.dayOfTables],
    ["a day of pages", usage.dayOfPages],
    ["a run besides", usage.run],
  ])(
    "has the usage and the price of %s with which a dry run estimates",
    (name, { writes, reads, operations, gbSeconds }) => {
      const price = usdOf({ writes, reads, operations, gbSeconds }) * 1_000;

      expect(rowOf(name).slice(1)).toEqual([...[writes, reads, operations, gbSeconds].map(String), price.toFixed(4)]);
    },
  );

  test("has the prices with which a dry run estimates", () => {
    expect(Number(rowOf("1,000 PUT")[1])).toBeCloseTo(pricesUsd.s3Write * 1_000, 10);
    expect(Number(rowOf("1,000 GET")[1])).toBeCloseTo(pricesUsd.s3Read * 1_000, 10);
    expect(Number(rowOf("a GB stored")[1])).toBe(pricesUsd.s3GbMonth);
    expect(Number(rowOf("a GB-second")[1])).toBe(pricesUsd.lambdaGbSecond);
    expect(Number(rowOf("1,000,000 durable")[1])).toBeCloseTo(pricesUsd.durableOperation * 1_000_000, 10);
  });

  test.each([
    ["recordings: ", usage.recording],
    ["analytics, ", usage.analyticsQuery],
    ["tables, ", usage.dayOfTables],
    ["pages, ", usage.dayOfPages],
    ["what every run", usage.run],
  ])("computes the example's row '%s' right", (begins, work) => {
    const [, amount = "", cost] = rowOf(begins);

    expect(cost).toBe(usd(Number.parseInt(amount, 10) * usdOf(work)));
  });

  test("counts the metrics that the stack's alarms watch, and prices them", () => {
    const counts = resourcesOf(templateOf(), "AWS::CloudWatch::Alarm").map(({ Properties: { Metrics } }) => {
      return Array.isArray(Metrics) ? Metrics.filter((each) => "MetricStat" in each).length : 1;
    });
    const watched = counts.reduce((sum, count) => sum + count, 0);
    const [, amount = "", cost] = rowOf("alarms, ");

    expect(Number.parseInt(amount, 10)).toBe(watched);
    expect(cost).toBe(usd(watched * 0.1));
  });

  test("adds up the example right, and its storage", () => {
    const table = text.slice(text.indexOf("| what | a month"), text.indexOf("| **together**"));
    const costs = [...table.matchAll(/\| ([\d.]+) \|$/gm)].map(([, cost]) => Number(cost));
    const storage = (months: number) => usd(36 * months * pricesUsd.s3GbMonth);

    expect(text).toContain(`| **together** | | **${usd(costs.reduce((sum, cost) => sum + cost, 0))}** |`);
    expect(text).toContain(`$${storage(1)} a month for each month`);
    expect(text).toContain(`After a year it is $${storage(12)} a month`);
    expect(text).toContain(`three years $${storage(36)}`);
  });

  test("prices a first run of 100,000 recordings, and a year of tables", () => {
    expect(text).toContain(`fetches 100,000 recordings: $${usd(100_000 * usdOf(usage.recording))}, once`);
    expect(text).toContain(`tables of a year: $${usd(365 * usdOf(usage.dayOfTables))}.`);
  });
});
