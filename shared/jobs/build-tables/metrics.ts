/** Metrics of `build-tables`. */
export const TablesMetric = {
  /** Tables that changed and were written. */
  tablesWritten: "TablesWritten",
  /** Calls of a day by which call log and analytics differ. */
  callDiscrepancy: "CallDiscrepancy",
} as const;
