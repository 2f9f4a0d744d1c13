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
  /** Every day that has a manifest or an entry in the index. */
  readonly days: ReadonlyMap<Day, DerivedDay>;
  /**
   * Builds a day's objects again, without storing them. Returns the SHA-256 of each by key; undefined if the archive
   * does not have what the day's manifests name, or these have changed.
   */
  readonly rebuild: (day: Day) => Promise<ReadonlyMap<string, string> | undefined>;
}

/** How to verify what a job builds of each day in the derived bucket. */
export interface AuditedDerivation {
  /** Prefix of its objects. */
  readonly prefix: string;
  /** Returns the day in the key of one of its objects; undefined if the key is another's. */
  readonly dayOf: (key: string) => Day | undefined;
  /** Returns the keys that a day may have. */
  readonly keysOf: (day: Day) => readonly string[];
  /** Reads the index. Undefined if what is stored belongs to another account. */
  readonly open: (buckets: DerivationBuckets) => Promise<OpenedDerivation | undefined>;
}
