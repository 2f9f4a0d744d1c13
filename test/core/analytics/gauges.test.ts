import { expect, test } from "vitest";
import type { AnalyticsManifest } from "../../../shared/core/analytics/analytics-manifest.ts";
import { analyticsGauges } from "../../../shared/core/analytics/gauges.ts";

const now = new Date("2026-11-20T08:45:00Z");

function manifestWith(...failedAt: readonly (string | undefined)[]): AnalyticsManifest {
  const datasets = failedAt.map((at, n) => ({
    ...{ group: `Group${n}`, interval: "day", keys: 0, values: 0, collections: [] },
    ...(at && { failure: { run: "run", at, code: "API_BAD_RESPONSE" } }),
  }));
  return { datasets } as unknown as AnalyticsManifest;
}

test("collected datasets give gauges without a fault", () => {
  expect(analyticsGauges([manifestWith(undefined, undefined)], now)).toEqual({ oldestOpenNights: 0, failedInBulk: 0 });
});

test("a dataset that fails is counted in nights since it first failed", () => {
  const manifests = [manifestWith("2026-11-19T08:46:00Z"), manifestWith("2026-11-10T08:44:00Z", undefined)];

  expect(analyticsGauges(manifests, now).oldestOpenNights).toBe(10);
});

test("five failed datasets are failed in bulk, and four are not", () => {
  const at = "2026-11-20T08:44:00Z";

  expect(analyticsGauges([manifestWith(at, at), manifestWith(at, at)], now).failedInBulk).toBe(0);
  expect(analyticsGauges([manifestWith(at, at), manifestWith(at, at, at)], now).failedInBulk).toBe(5);
});
