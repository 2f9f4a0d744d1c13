/** Metrics of `verify-archive`. */
export const VerifyMetric = {
  /** Number of findings of the last verification. */
  findings: "ArchiveFindings",
  /** Objects whose bytes were read and compared. */
  objectsRead: "ObjectsVerified",
  bytesRead: "BytesVerified",
  /** Objects in an archive class of S3, whose bytes were not read. */
  objectsOffline: "ObjectsOffline",
} as const;
