/** How much of some days was checked. */
export interface DayCounts {
  days: number;
  closed: number;
  /** Objects that were compared with their manifest, and their bytes. */
  objects: number;
  bytes: number;
  /** Those of them whose bytes were read. */
  objectsRead: number;
  bytesRead: number;
  /** Objects whose bytes should have been read, but lie in an archive class. */
  offline: number;
  /** Missing objects that the bucket's own lifecycle rules may have deleted. */
  expired: number;
  /** Objects that no manifest references yet: the next run adds them. */
  notYetInManifest: number;
  /** Objects of days whose manifest is missing or unreadable, so that nothing can be compared. */
  notChecked: number;
  findings: number;
}

export function dayCounts(): DayCounts {
  return {
    ...{ days: 0, closed: 0, objects: 0, bytes: 0, objectsRead: 0, bytesRead: 0, offline: 0, expired: 0 },
    ...{ notYetInManifest: 0, notChecked: 0, findings: 0 },
  };
}

/** Returns the sum of two counts. */
export function addCounts(one: DayCounts, other: DayCounts): DayCounts {
  const sum = { ...one };
  for (const name of Object.keys(sum) as (keyof DayCounts)[]) sum[name] += other[name];
  return sum;
}
