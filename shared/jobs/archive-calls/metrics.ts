/** Metrics of `archive-calls`. */
export const ArchiveMetric = {
  daysListed: "DaysListed",
  daysClosed: "DaysClosed",
  daysOpen: "DaysOpen",
  /** Days that were closed although no two of their listings agreed. */
  daysUnstable: "DaysUnstable",
  recordingsStored: "RecordingsStored",
  recordingsPending: "RecordingsPending",
  /** Recordings that Nightshift saw in time and never fetched. */
  recordingsLost: "RecordingsLost",
  recordingBytesStored: "RecordingBytesStored",
  /** Gauges: the state at the end of a run; 0 if nothing is wrong. */
  oldestPendingDays: "OldestPendingDays",
  daysUntilDeletion: "DaysUntilDeletion",
  pendingNearDeletion: "PendingNearDeletion",
  backlogNights: "BacklogNights",
  backlogBeyondHorizon: "BacklogBeyondHorizon",
  oldestOpenNights: "OldestOpenNights",
  failedInBulk: "FailedInBulk",
  listingsShrunk: "ListingsShrunk",
  quietDays: "QuietDays",
} as const;
