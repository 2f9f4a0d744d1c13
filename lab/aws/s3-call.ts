import type { LabClock } from "../clock.ts";
import { AwsError } from "./aws-error.ts";
import type { Bucket } from "./bucket.ts";
import type { ObjectStore } from "./object-store.ts";
import type { History, StoredObject, Version } from "./object-version.ts";
import type { Payload } from "./payload.ts";
import type { S3Target } from "./s3-operation.ts";
import type { ServiceResponse } from "./wire.ts";

/** An authenticated request to S3. */
export interface S3Call extends S3Target {
  readonly payload: Payload;
}

export interface S3World {
  readonly store: ObjectStore;
  readonly clock: LabClock;
}

export type S3Handler = (call: S3Call, world: S3World) => Promise<ServiceResponse>;

/** S3 stores whole seconds. */
export function lastModified(world: S3World): number {
  return Math.floor(world.clock.now() / 1000) * 1000;
}

/** Returns the version of `versionId`, or else the current object; undefined for a delete marker. */
export function findObject(call: S3Call, history: History, versionId?: string): StoredObject {
  const version = versionId === undefined ? history[0] : findVersion(call, history, versionId);
  if (version?.kind === "object") return version;
  if (!version) throw noSuchKey(call);
  const headers = { "x-amz-delete-marker": "true", "x-amz-version-id": version.versionId };
  if (versionId === undefined) throw noSuchKey(call, headers);
  const message = "The specified method is not allowed against this resource.";
  throw new AwsError(405, "MethodNotAllowed", message, { headers: { ...headers, allow: "DELETE" } });
}

function findVersion(call: S3Call, history: History, versionId: string): Version {
  const version = history.find((candidate) => candidate.versionId === versionId);
  if (version) return version;
  throw new AwsError(404, "NoSuchVersion", "The specified version does not exist.", { details: { Key: call.key } });
}

export function noSuchKey(call: { readonly key: string }, headers: Readonly<Record<string, string>> = {}): AwsError {
  return new AwsError(404, "NoSuchKey", "The specified key does not exist.", { headers, details: { Key: call.key } });
}

export function requestedVersion(call: S3Call): string | undefined {
  return call.query.get("versionId") ?? undefined;
}

/** Returns the header with the version id; none for a bucket that was never versioned. */
export function versionHeader(bucket: Bucket, versionId: string): Readonly<Record<string, string>> {
  return bucket.versioning() === undefined ? {} : { "x-amz-version-id": versionId };
}
