import type { Bucket } from "../aws/bucket.ts";
import type { Finding } from "../core/finding.ts";
import type { ObjectRef } from "../core/object-ref.ts";
import type { Day } from "../core/time/days.ts";

export interface DerivationBuckets {
  readonly archive: Bucket;
  readonly derived: Bucket;
  readonly account: string;
}

/** What a job has built of one day. */
export interface DerivedDay {
  /** False if the day's manifests have changed since: the next run builds it. */
  readonly isBuilt: boolean;
  /** The objects as they were written. */
  readonly references: readonly ObjectRef[];
}

/** What a job's index says of all days. */
export interface OpenedDerivation {
  /** What is wrong with the index itself. */
  readonly findings: readonly Finding[];
  /**
   * Every day that has an entry in the index, or should have one; objects of no day are under "". Undefined if the index is
   * damaged or belongs to another account, so that nothing says what was written.
   */
  readonly days: ReadonlyMap<Day, DerivedDay> | undefined;
  /** Builds a day's objects again. Absent: the bytes of an object depend on when it was built. */
  readonly rebuild?: Rebuild;
}

/** How objects are built again, to compare them. */
export interface Rebuild {
  /** Returns the keys that a day may have. */
  readonly keysOf: (day: Day) => readonly string[];
  /**
   * Builds a day's objects without storing them. Returns the SHA-256 of each by key; undefined if the archive does not have
   * what the day's manifests name, or these have changed.
   */
  readonly build: (day: Day) => Promise<ReadonlyMap<string, string> | undefined>;
}

/** How to verify what a job builds of each day in the derived bucket. */
export interface AuditedDerivation {
  /** Prefixes of its objects. */
  readonly prefixes: readonly string[];
  /** Returns the day in the key of one of its objects, "" if it is of no day; undefined if the key is another's. */
  readonly dayOf: (key: string) => Day | undefined;
  /** Reads the index. */
  readonly open: (buckets: DerivationBuckets) => Promise<OpenedDerivation>;
}
