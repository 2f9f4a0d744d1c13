import { randomBytes, randomUUID } from "node:crypto";
import type { Bucket } from "./bucket.ts";
import type { WrittenBytes } from "./bytes-folder.ts";
import { checksumHeaders, describeObject, encryptionHeaders, isUnderKms } from "./object-description.ts";
import { addVersion, filesOf, type ObjectDescription, type StoredObject } from "./object-version.ts";
import { receiveObject } from "./receive-object.ts";
import { lastModified, type S3Call, type S3Handler, type S3World, versionHeader } from "./s3-call.ts";
import { checkWriteConditions } from "./s3-conditions.ts";

export const putObject: S3Handler = async (call, world) => {
  const bucket = world.store.bucket(call.bucket);
  const description = describeObject(call.headers, bucket.encryption());
  const written = await receiveObject(call, bucket);
  const object = await storeObject({ call, world, bucket, object: plainObject(description, written) });
  return {
    status: 200,
    stored: object.size,
    headers: {
      etag: `"${object.etag}"`,
      ...checksumHeaders(object.checksums),
      ...encryptionHeaders(object),
      ...versionHeader(bucket, object.versionId),
    },
  };
};

export type NewObject = Omit<StoredObject, "kind" | "versionId" | "lastModifiedMs">;

export interface Store {
  readonly call: S3Call;
  readonly world: S3World;
  readonly bucket: Bucket;
  readonly object: NewObject;
}

/** Describes written bytes as an object. Under KMS its ETag is not its MD5, and another at each write (API reference: Object). */
export function plainObject(description: ObjectDescription, { file, size, md5, checksums }: WrittenBytes): NewObject {
  const etag = isUnderKms(description) ? randomUUID().replaceAll("-", "") : md5.toString("hex");
  return { ...description, file, size, etag, checksums };
}

/** Makes the bytes the key's current object, if the request's conditions hold at that moment. */
export async function storeObject({ call, world, bucket, object }: Store): Promise<StoredObject> {
  try {
    return await bucket.change(call.key, (history) => {
      checkWriteConditions(call, history);
      const stored: StoredObject = {
        kind: "object",
        versionId: newVersionId(bucket),
        lastModifiedMs: lastModified(world),
        ...object,
      };
      return { history: addVersion(history, stored), result: stored };
    });
  } catch (error) {
    const isKept = filesOf(bucket.history(call.key)).includes(object.file);
    if (!isKept) await bucket.bytes.remove(object.file);
    throw error;
  }
}

export function newVersionId(bucket: Bucket): string {
  return bucket.versioning() === "Enabled" ? randomBytes(24).toString("base64url") : "null";
}
