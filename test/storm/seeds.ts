/** Storms that every change must weather; together some thirty seconds. */
export const weathered: readonly number[] = [];

/** Storms that the jobs do not weather yet, and the rule that does not hold. Whoever mends it moves the seed up. */
export const notWeathered: readonly { readonly seed: number; readonly rule: string; readonly because: string }[] = [];
