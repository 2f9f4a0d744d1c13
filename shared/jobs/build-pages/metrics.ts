/** Metrics of `build-pages`. */
export const PagesMetric = {
  /** Pages that changed and were written. */
  pagesWritten: "PagesWritten",
} as const;
