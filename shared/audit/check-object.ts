import { createHash } from "node:crypto";
import type { Bucket, ListedObject, ObjectMetadata } from "../aws/bucket.ts";
import type { ReferencedObject } from "../core/audited-aggregate.ts";
import type { Depth } from "../core/depth.ts";
import { type Finding, type FindingCode, finding } from "../core/finding.ts";
import { hasCode, JobError } from "../errors.ts";
import type { ReadGuard } from "../storage/read-guard.ts";

/** An object to compare with its manifest. */
export interface ObjectToCheck {
  /** The object as the manifest describes it. */
  readonly reference: ReferencedObject;
  /** The object as a LIST of the bucket shows it; undefined if the LIST lacks it. */
  readonly listed: ListedObject | undefined;
}

/** What a check has found, and what it has read. */
export interface CheckedObject {
  readonly findings: readonly Finding[];
  /** `read`: every byte. `offline`: its bytes should have been read, but it lies in an archive class. */
  readonly content: "read" | "not-read" | "offline";
  /** Why S3 did not return it; only `attemptCheck` says so. */
  readonly error?: JobError;
}

const maxReadAttempts = 3;
const missing = "a manifest references it";

/** Checks an object. One that S3 does not return, while it returns others, is a finding. @throws STORAGE_FAILED */
export async function attemptCheck(
  { archive, guard }: { readonly archive: Bucket; readonly guard: ReadGuard },
  depth: Depth,
  object: ObjectToCheck,
): Promise<CheckedObject> {
  // Without a request it says nothing about S3.
  if (isWholeByListing(depth, object)) return { findings: [], content: "not-read" };
  const checked = await guard.attempt(() => checkObject(archive, depth, object));
  if (!(checked instanceof JobError)) return checked;
  const found = finding("object-unreadable", object.reference.key, checked.message);
  return { findings: [found], content: "not-read", error: checked };
}

function isWholeByListing(depth: Depth, { reference, listed }: ObjectToCheck): boolean {
  return depth === "listing" && listed?.bytes === reference.bytes && listed.etag === reference.etag;
}

/**
 * Compares an object with its manifest. An equal SHA-256 outweighs another ETag: a copy has a new ETag if KMS encrypts it.
 * @throws STORAGE_FAILED
 */
export async function checkObject(archive: Bucket, depth: Depth, object: ObjectToCheck): Promise<CheckedObject> {
  const { reference } = object;
  const { key } = reference;
  if (isWholeByListing(depth, object)) return { findings: [], content: "not-read" };
  const metadata = await archive.head(key);
  if (!metadata) return { findings: [finding("object-missing", key, missing)], content: "not-read" };
  const errors = metadataErrors(metadata, reference, depth);
  const findings = errors.length > 0 ? [finding("object-changed", key, errors.join("; "))] : [];
  if (depth !== "bytes" || findings.length > 0) return { findings, content: "not-read" };
  if (metadata.isOffline) return { findings, content: "offline" };
  // Other bytes under the same ETag were damaged beneath S3.
  const code = metadata.etag === reference.etag ? "object-corrupt" : "object-changed";
  return { findings: await checkBytes(archive, reference, code), content: "read" };
}

/** Without S3's SHA-256 only the bytes can show that an object with another ETag is the same. */
function metadataErrors(metadata: ObjectMetadata, { bytes, etag, sha256 }: ReferencedObject, depth: Depth): string[] {
  if (metadata.bytes !== bytes) return [`it has ${metadata.bytes} bytes, not ${bytes}`];
  if (metadata.sha256 === sha256) return [];
  if (metadata.sha256 !== undefined) return ["S3 stores another SHA-256 of it"];
  if (depth === "bytes" && !metadata.isOffline) return [];
  return [
    ...(metadata.etag === etag ? [] : ["it was written again: its ETag has changed"]),
    ...(depth === "listing" ? [] : ["S3 stores no SHA-256 of it: read it with --deep"]),
  ];
}

/** Reads the whole object, again if the connection breaks: a deep check may read for days. */
async function checkBytes(archive: Bucket, reference: ReferencedObject, code: FindingCode): Promise<Finding[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readAndCheck(archive, reference, code);
    } catch (error) {
      if (!(error instanceof JobError) || !error.retryable || attempt === maxReadAttempts) throw error;
    }
  }
}

async function readAndCheck(archive: Bucket, reference: ReferencedObject, code: FindingCode): Promise<Finding[]> {
  const { key, checkContent } = reference;
  const opened = await archive.open(key);
  if (!opened) return [finding("object-missing", key, missing)];
  const hash = createHash("sha256");
  const read = async function* () {
    for await (const chunk of opened.chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
  try {
    const findings = checkContent ? await checkContent(read()) : [];
    if (!checkContent) for await (const _chunk of read());
    const isUnchanged = hash.digest("base64") === reference.sha256;
    return isUnchanged ? findings : [finding(code, key, "its bytes have another SHA-256")];
  } catch (error) {
    if (!hasCode(error, "STORAGE_INVALID")) throw error;
    return [finding(code, key, "it is not gzipped JSON lines")];
  }
}
