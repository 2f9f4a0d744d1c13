/** Storms that every change must weather; together some thirty seconds. */
export const weathered: readonly number[] = [
  // Every kind of trouble at least once.
  ...[1, 8, 41, 50, 53, 67, 112],
];

/** Storms that the jobs do not weather yet, and the rule that does not hold. Whoever mends it moves the seed up. */
export const notWeathered: readonly { readonly seed: number; readonly rule: string; readonly because: string }[] = [];
