import type { AggregateName } from "../core/day-aggregate.ts";
import type { DayManifest } from "../core/day-manifest.ts";
import type { ObjectRef } from "../core/object-ref.ts";
import type { Finding } from "./findings.ts";

/** An object that a manifest names. */
export interface ReferencedObject extends ObjectRef {
  /** What a deep look finds wrong with its content, beyond its hash. @throws JobError STORAGE_INVALID where it cannot be read */
  readonly checkContent?: (chunks: AsyncIterable<Uint8Array>) => Promise<Finding[]>;
}

/** A day's manifest, and the objects that it names. */
export interface AuditedManifest {
  readonly manifest: DayManifest;
  readonly named: readonly ReferencedObject[];
}

/** What tells one aggregate from another where it is audited; all else is the same for each. */
export interface AuditedAggregate {
  readonly name: AggregateName;
  /** @throws JobError STORAGE_INVALID where it is no manifest of this aggregate */
  readonly read: (body: Buffer, key: string) => AuditedManifest;
  /** Where the objects of its days lie. */
  readonly prefixes: (account: string) => readonly string[];
  /** True where a closed day is told by a marker, too. */
  readonly hasMarkers: boolean;
}
