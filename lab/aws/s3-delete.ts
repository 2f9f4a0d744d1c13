import { AwsError } from "./aws-error.ts";
import type { Bucket } from "./bucket.ts";
import { declaredDigests } from "./digests.ts";
import { addVersion, type DeleteMarker, type History, removeVersion } from "./object-version.ts";
import { readDocumentBody } from "./receive-document.ts";
import { lastModified, requestedVersion, type S3Handler, type S3World } from "./s3-call.ts";
import { checkDeleteCondition } from "./s3-conditions.ts";
import { newVersionId } from "./s3-put-object.ts";
import { type XmlFields, xmlDocument } from "./xml.ts";
import { childrenOf, malformed, readXml, textOf } from "./xml-reader.ts";

/** S3 API reference: DeleteObjects. */
const maxKeys = 1000;

interface Deleted {
  /** The version that was removed, or that is the new delete marker. */
  readonly versionId?: string;
  readonly isMarker: boolean;
}

export const deleteObject: S3Handler = async (call, world) => {
  const bucket = world.store.bucket(call.bucket);
  const deleted = await deleteVersion(world, bucket, {
    key: call.key,
    versionId: requestedVersion(call),
    ifMatch: call.headers["if-match"],
  });
  return {
    status: 204,
    headers: {
      "x-amz-version-id": deleted.versionId,
      "x-amz-delete-marker": deleted.isMarker ? "true" : undefined,
    },
  };
};

export const deleteObjects: S3Handler = async (call, world) => {
  const bucket = world.store.bucket(call.bucket);
  const declared = declaredDigests(call.headers);
  if (declared.md5 === undefined && declared.algorithm === undefined) {
    throw new AwsError(400, "InvalidRequest", "Missing required header for this request: Content-MD5");
  }
  const request = readXml(await readDocumentBody(call), "Delete");
  const objects = childrenOf(request, "Object");
  if (objects.length === 0 || objects.length > maxKeys) throw malformed();
  const results: ObjectResult[] = [];
  for (const object of objects) {
    const key = textOf(object, "Key");
    if (!key) throw malformed();
    const target = { key, versionId: textOf(object, "VersionId"), ifMatch: textOf(object, "ETag") };
    results.push(await deleteOne(world, bucket, target));
  }
  const quiet = textOf(request, "Quiet") === "true";
  const deleted = quiet ? [] : results.flatMap(({ deleted }) => (deleted ? [deleted] : []));
  const refused = results.flatMap(({ refused }) => (refused ? [refused] : []));
  return { status: 200, body: xmlDocument("DeleteResult", { Deleted: deleted, Error: refused }) };
};

/** Deletes one object of many. Its refusal does not affect the others, and is returned even in quiet mode. */
interface ObjectResult {
  readonly deleted?: XmlFields;
  readonly refused?: XmlFields;
}

async function deleteOne(world: S3World, bucket: Bucket, target: DeleteTarget): Promise<ObjectResult> {
  const { key, versionId } = target;
  try {
    return { deleted: deletedElement(key, versionId, await deleteVersion(world, bucket, target)) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { refused: { Key: key, VersionId: versionId, Code: error.code, Message: error.message } };
  }
}

function deletedElement(key: string, versionId: string | undefined, deleted: Deleted) {
  const marker = { DeleteMarker: true, DeleteMarkerVersionId: deleted.versionId };
  return { Key: key, VersionId: versionId, ...(deleted.isMarker && marker) };
}

interface DeleteTarget {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly ifMatch: string | undefined;
}

function deleteVersion(world: S3World, bucket: Bucket, { key, versionId, ifMatch }: DeleteTarget): Promise<Deleted> {
  return bucket.change<Deleted>(key, (history) => {
    checkDeleteCondition(key, ifMatch, history);
    if (versionId !== undefined) {
      const isMarker = history.some((version) => version.versionId === versionId && version.kind === "delete-marker");
      return { history: removeVersion(history, versionId), result: { versionId, isMarker } };
    }
    if (bucket.versioning() === undefined) return { history: [], result: { isMarker: false } };
    return putMarker(history, {
      kind: "delete-marker",
      versionId: newVersionId(bucket),
      lastModifiedMs: lastModified(world),
    });
  });
}

function putMarker(history: History, marker: DeleteMarker): { history: History; result: Deleted } {
  return { history: addVersion(history, marker), result: { versionId: marker.versionId, isMarker: true } };
}
