import type { AggregateName } from "./day-aggregate.ts";
import type { DayManifest } from "./day-manifest.ts";
import type { Finding } from "./finding.ts";
import type { ObjectRef } from "./object-ref.ts";

/** An object that a manifest references. */
export interface ReferencedObject extends ObjectRef {
  /** Checks the content beyond its hash, for `--deep`. @throws STORAGE_INVALID when the content cannot be parsed */
  readonly checkContent?: (chunks: AsyncIterable<Uint8Array>) => Promise<Finding[]>;
}

/** A day's manifest and the objects that it references. */
export interface AuditedManifest {
  readonly manifest: DayManifest;
  readonly references: readonly ReferencedObject[];
  /** The totals that the index of days has of it; absent if it has none. */
  readonly counts?: Readonly<Record<string, number>> | undefined;
}

/** How the audit of one aggregate differs from that of another. */
export interface AuditedAggregate {
  readonly name: AggregateName;
  /** @throws STORAGE_INVALID when `body` is not a manifest of this aggregate */
  readonly parse: (body: Buffer, key: string) => AuditedManifest;
  /** True for an object that a run may write again before it writes the day's manifest. Others are written once. */
  readonly isRewritten: (key: string, status: DayManifest["status"]) => boolean;
  /** Prefixes of the objects of its days. */
  readonly prefixes: (account: string) => readonly string[];
}
