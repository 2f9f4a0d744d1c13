import { AwsError } from "./aws-error.ts";
import { type ListPosition, listKeys } from "./list-keys.ts";
import { commonPrefixes, type ListParameters, listHead, listParameters } from "./list-parameters.ts";
import { currentObject, type StoredObject } from "./object-version.ts";
import type { S3Call, S3Handler } from "./s3-call.ts";
import { xmlDocument } from "./xml.ts";

interface Page {
  readonly objects: readonly { readonly key: string; readonly object: StoredObject }[];
  readonly prefixes: readonly string[];
  readonly next?: ListPosition;
}

export const listObjectsV2: S3Handler = async (call, world) => {
  const bucket = world.store.bucket(call.bucket);
  const parameters = listParameters(call);
  const objectOf = (key: string) => currentObject(bucket.history(key));
  const isListed = (key: string) => objectOf(key) !== undefined;
  const positions = listKeys({ keys: bucket.keys, isListed, ...parameters, after: startOf(call) });
  const page = takePage(positions, parameters.maxKeys, objectOf);
  const startAfter = call.query.get("start-after");
  return {
    status: 200,
    body: xmlDocument("ListBucketResult", {
      ...listHead(bucket.name, parameters),
      KeyCount: page.objects.length + page.prefixes.length,
      IsTruncated: page.next !== undefined,
      ContinuationToken: call.query.get("continuation-token") ?? undefined,
      NextContinuationToken: page.next && writeToken(page.next),
      StartAfter: startAfter === null ? undefined : parameters.encode(startAfter),
      Contents: page.objects.map(({ key, object }) => objectElement(key, object, parameters)),
      CommonPrefixes: commonPrefixes(page.prefixes, parameters),
    }),
  };
};

export function objectElement(key: string, object: StoredObject, parameters: ListParameters) {
  return {
    Key: parameters.encode(key),
    LastModified: new Date(object.lastModifiedMs).toISOString(),
    ETag: `"${object.etag}"`,
    ChecksumAlgorithm: Object.keys(object.checksums).map((algorithm) => algorithm.toUpperCase()),
    ChecksumType: "FULL_OBJECT",
    Size: object.size,
    StorageClass: "STANDARD",
  };
}

function takePage(
  positions: Iterator<ListPosition>,
  maxKeys: number,
  objectOf: (key: string) => StoredObject | undefined,
): Page {
  const objects: { key: string; object: StoredObject }[] = [];
  const prefixes: string[] = [];
  let last: ListPosition | undefined;
  for (let next = positions.next(); !next.done; next = positions.next()) {
    if (objects.length + prefixes.length >= maxKeys) return { objects, prefixes, ...(last && { next: last }) };
    last = next.value;
    const object = last.kind === "key" ? objectOf(last.name) : undefined;
    if (object) objects.push({ key: last.name, object });
    else prefixes.push(last.name);
  }
  return { objects, prefixes };
}

function startOf({ query }: S3Call): ListPosition | undefined {
  const token = query.get("continuation-token");
  if (token !== null) return readToken(token);
  const startAfter = query.get("start-after");
  return startAfter ? { kind: "key", name: startAfter } : undefined;
}

function writeToken({ kind, name }: ListPosition): string {
  return Buffer.from(`${kind}:${name}`).toString("base64url");
}

function readToken(token: string): ListPosition {
  const match = /^(key|prefix):(.*)$/s.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (!match) throw new AwsError(400, "InvalidArgument", "The continuation token provided is incorrect");
  return { kind: match[1] === "key" ? "key" : "prefix", name: match[2] ?? "" };
}
