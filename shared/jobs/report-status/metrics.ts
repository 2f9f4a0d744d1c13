/** Metrics of `report-status`: how the archive stood in the morning. */
export const StatusMetric = {
  /** Days from the last complete day to today. */
  daysBehind: "DaysBehind",
  openDays: "OpenDays",
  closedDays: "ClosedDays",
  storedRecordings: "StoredRecordings",
  pendingRecordings: "PendingRecordings",
  lostRecordings: "LostRecordings",
  storedBytes: "StoredBytes",
  /** Number of chapters in docs/operations.md that say what to do. */
  thingsToDo: "ThingsToDo",
} as const;
