/** Metrics of `collect-analytics`. */
export const AnalyticsJobMetric = {
  /** Days collected, and those whose values changed. */
  analyticsDaysCollected: "AnalyticsDaysCollected",
  analyticsDaysChanged: "AnalyticsDaysChanged",
  /** Days that still lack a group. */
  analyticsDaysIncomplete: "AnalyticsDaysIncomplete",
  /** Gauges: the state at the end of a run; 0 if nothing is wrong. */
  oldestOpenNights: "OldestOpenNights",
  failedInBulk: "FailedInBulk",
} as const;
