import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { costOfRun, pricesUsd, usage, usdOf } from "../../shared/core/aws-cost.ts";

const works = Object.values(usage);

describe("the cost of a run", () => {
  test("is never less than its parts, and at most a cent more", () => {
    fc.assert(
      fc.property(fc.constantFrom(...works), fc.nat(1_000_000), (work, count) => {
        const parts = usdOf(usage.run) + count * usdOf(work);
        const { usdAtLeast } = costOfRun(work, count);

        expect(usdAtLeast).toBeGreaterThanOrEqual(parts - 1e-6);
        expect(usdAtLeast).toBeLessThan(parts + 0.01 + 1e-6);
      }),
    );
  });

  test("is in whole cents, one at least", () => {
    expect(costOfRun(usage.recording, 0).usdAtLeast).toBe(0.01);
    expect(costOfRun(usage.recording, 1_000).usdAtLeast).toBe(0.01);
    expect(costOfRun(usage.recording, 2_000).usdAtLeast).toBe(0.02);
  });

  test("has the storage of a month if the size is known, else none", () => {
    expect(costOfRun(usage.recording, 1, 1e12).storageUsdPerMonth).toBe(23);
    expect(costOfRun(usage.recording, 1)).not.toHaveProperty("storageUsdPerMonth");
  });

  test("adds up writes, reads, operations and computing at their prices", () => {
    const { s3Write, s3Read, durableOperation, lambdaGbSecond } = pricesUsd;

    expect(usdOf({ writes: 1, reads: 0, operations: 0, gbSeconds: 0 })).toBe(s3Write);
    expect(usdOf({ writes: 0, reads: 1, operations: 0, gbSeconds: 0 })).toBe(s3Read);
    expect(usdOf({ writes: 0, reads: 0, operations: 1, gbSeconds: 0 })).toBe(durableOperation);
    expect(usdOf({ writes: 0, reads: 0, operations: 0, gbSeconds: 1 })).toBe(lambdaGbSecond);
  });
});
