/** Metrics of `check-access`. */
export const AccessMetric = {
  /** Faults that the last check found. */
  faults: "AccessFaults",
  /** Warnings that the last check found. */
  warnings: "AccessWarnings",
} as const;
