import { randomBytes } from "node:crypto";
import type { Bucket } from "./bucket.ts";
import type { WrittenBytes } from "./bytes-folder.ts";
import { checksumHeaders, describeObject, encryptionHeaders } from "./object-description.ts";
import { addVersion, filesOf, type ObjectDescription, type StoredObject } from "./object-version.ts";
import { receiveObject } from "./receive-object.ts";
import { lastModified, type S3Call, type S3Handler, type S3World, versionHeader } from "./s3-call.ts";
import { checkWriteConditions } from "./s3-conditions.ts";

export const putObject: S3Handler = async (call, world) => {
  const bucket = world.store.bucket(call.bucket);
  const description = describeObject(call.headers);
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

type NewObject = Omit<StoredObject, "kind" | "versionId" | "lastModifiedMs">;

interface Store {
  readonly call: S3Call;
  readonly world: S3World;
  readonly bucket: Bucket;
  readonly object: NewObject;
}

function plainObject(description: ObjectDescription, { file, size, md5, checksums }: WrittenBytes): NewObject {
  return { ...description, file, size, etag: md5.toString("hex"), checksums };
}

/** Makes the bytes the key's current object, if the request's conditions hold at that moment. */
async function storeObject({ call, world, bucket, object }: Store): Promise<StoredObject> {
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
