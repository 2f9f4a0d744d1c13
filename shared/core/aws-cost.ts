/**
 * Prices in USD in us-east-1, of November 2026.
 * https://aws.amazon.com/s3/pricing/ https://aws.amazon.com/lambda/pricing/
 */
export const pricesUsd = {
  /** PUT and LIST. */
  s3Write: 0.005 / 1_000,
  /** GET and HEAD. */
  s3Read: 0.0004 / 1_000,
  s3GbMonth: 0.023,
  lambdaGbSecond: 0.0000133334,
  durableOperation: 8 / 1_000_000,
} as const;

/** What a piece of work uses. */
export interface AwsUsage {
  readonly writes: number;
  readonly reads: number;
  readonly operations: number;
  readonly gbSeconds: number;
}

/** Usage by piece of work, as measured in the lab: see docs/cost.md. */
export const usage = {
  recording: { writes: 1.1, reads: 2.2, operations: 0.2, gbSeconds: 0.13 },
  analyticsQuery: { writes: 3.7, reads: 2, operations: 0.1, gbSeconds: 0.15 },
  dayOfTables: { writes: 6, reads: 40, operations: 2, gbSeconds: 1 },
  dayOfPages: { writes: 8, reads: 25, operations: 2, gbSeconds: 1 },
  run: { writes: 30, reads: 60, operations: 10, gbSeconds: 1 },
} as const satisfies Readonly<Record<string, AwsUsage>>;

/** Cost of a run in USD, rounded up to cents. */
export interface EstimatedCost {
  /** Requests and computing. */
  readonly usdAtLeast: number;
  /** Storage of the recordings that it fetches; undefined if their size is unknown. */
  readonly storageUsdPerMonth?: number;
}

/** Returns the cost of a run that does `count` pieces of work. */
export function costOfRun(work: AwsUsage, count: number, bytes?: number): EstimatedCost {
  return {
    usdAtLeast: inCents(usdOf(usage.run) + count * usdOf(work)),
    ...(bytes !== undefined && { storageUsdPerMonth: inCents((bytes / 1e9) * pricesUsd.s3GbMonth) }),
  };
}

/** Returns the price of a usage. */
export function usdOf({ writes, reads, operations, gbSeconds }: AwsUsage): number {
  return (
    writes * pricesUsd.s3Write +
    reads * pricesUsd.s3Read +
    operations * pricesUsd.durableOperation +
    gbSeconds * pricesUsd.lambdaGbSecond
  );
}

/** Rounds up; a millionth of a cent less than a cent is that cent. */
function inCents(usd: number): number {
  return Math.ceil(usd * 100 - 1e-6) / 100;
}
