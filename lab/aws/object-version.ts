import type { Checksums } from "./checksums.ts";

/** Metadata that a caller gave with an object, returned with it. */
export interface ObjectDescription {
  /** Response headers such as `content-type` and those of the server-side encryption. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata, by the name after `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface StoredObject extends ObjectDescription {
  readonly kind: "object";
  readonly versionId: string;
  /** Whole seconds, as S3 returns them, in milliseconds since the epoch. */
  readonly lastModifiedMs: number;
  /** The file in the bucket's bytes folder. */
  readonly file: string;
  readonly size: number;
  /** Without its quotes. */
  readonly etag: string;
  readonly checksums: Checksums;
}

/** The version that a plain delete adds in a versioned bucket. */
export interface DeleteMarker {
  readonly kind: "delete-marker";
  readonly versionId: string;
  readonly lastModifiedMs: number;
}

export type Version = StoredObject | DeleteMarker;

/** A key's versions, newest first. */
export type History = readonly Version[];

/** A bucket that was never versioned has no status at all. */
export type VersioningStatus = "Enabled" | "Suspended" | undefined;

/** How a bucket encrypts what names no encryption. S3's own keys are the default. */
export type Encryption = "AES256" | "aws:kms";

/** Adds a version as the newest. Without versioning it replaces the one called `null`. */
export function addVersion(history: History, version: Version): History {
  return [version, ...removeVersion(history, version.versionId)];
}

export function removeVersion(history: History, versionId: string): History {
  return history.filter((version) => version.versionId !== versionId);
}

/** The object that a plain GET finds. */
export function currentObject(history: History): StoredObject | undefined {
  const newest = history[0];
  return newest?.kind === "object" ? newest : undefined;
}

export function filesOf(history: History): readonly string[] {
  return history.flatMap((version) => (version.kind === "object" ? [version.file] : []));
}
