import { AwsError } from "./aws-error.ts";
import type { WireHeaders } from "./wire.ts";

/** S3's operations that the lab knows, by the names the SDK gives its commands. */
export type S3Operation = (typeof rules)[number]["operation"];

export interface S3Target {
  readonly method: string;
  readonly bucket: string;
  /** Empty if the request concerns the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: WireHeaders;
}

/** The first matching rule names the operation; `query` and `header` must be present besides the method. */
interface Rule {
  readonly on: "account" | "bucket" | "object";
  readonly method: string;
  readonly query?: string;
  readonly header?: string;
  readonly operation: string;
}

const rules = [
  { on: "account", method: "GET", operation: "ListBuckets" },
  { on: "bucket", method: "PUT", query: "versioning", operation: "PutBucketVersioning" },
  { on: "bucket", method: "PUT", query: "lifecycle", operation: "PutBucketLifecycleConfiguration" },
  { on: "bucket", method: "PUT", operation: "CreateBucket" },
  { on: "bucket", method: "HEAD", operation: "HeadBucket" },
  { on: "bucket", method: "DELETE", operation: "DeleteBucket" },
  { on: "bucket", method: "POST", query: "delete", operation: "DeleteObjects" },
  { on: "bucket", method: "GET", query: "versioning", operation: "GetBucketVersioning" },
  { on: "bucket", method: "GET", query: "lifecycle", operation: "GetBucketLifecycleConfiguration" },
  { on: "bucket", method: "GET", query: "versions", operation: "ListObjectVersions" },
  { on: "bucket", method: "GET", query: "list-type", operation: "ListObjectsV2" },
  { on: "object", method: "PUT", header: "x-amz-copy-source", operation: "CopyObject" },
  { on: "object", method: "PUT", operation: "PutObject" },
  { on: "object", method: "DELETE", operation: "DeleteObject" },
  { on: "object", method: "GET", operation: "GetObject" },
  { on: "object", method: "HEAD", operation: "HeadObject" },
] as const satisfies readonly Rule[];

/** Query parameters that select the operation. The lab has no operations of others (`acl`, `policy`, …). */
const plainParameters: readonly string[] = [
  "x-id",
  "versionId",
  "prefix",
  "delimiter",
  "max-keys",
  "encoding-type",
  "fetch-owner",
  "start-after",
  "continuation-token",
  "key-marker",
  "version-id-marker",
];

/** Headers that would make another object of a PUT or of a copy. */
const unknownHeaders: readonly string[] = [
  "x-amz-tagging",
  "x-amz-tagging-directive",
  "x-amz-copy-source-if-match",
  "x-amz-copy-source-if-none-match",
  "x-amz-copy-source-if-modified-since",
  "x-amz-copy-source-if-unmodified-since",
];

export function nameS3Operation(target: S3Target): S3Operation {
  const on = target.key ? "object" : target.bucket ? "bucket" : "account";
  const rule = rules.find((candidate: Rule) => {
    if (candidate.on !== on || candidate.method !== target.method) return false;
    if (candidate.query !== undefined && !target.query.has(candidate.query)) return false;
    return candidate.header === undefined || target.headers[candidate.header] !== undefined;
  });
  const known = [...plainParameters, rule && "query" in rule ? rule.query : undefined];
  const unknown =
    unknownHeaders.find((name) => target.headers[name] !== undefined) ??
    [...target.query.keys()].find((name) => !known.includes(name));
  if (!rule || unknown !== undefined) {
    throw new AwsError(501, "NotImplemented", `The lab's S3 does not know ${target.method} with ${unknown ?? "this"}`);
  }
  return rule.operation;
}
