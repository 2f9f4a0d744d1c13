import { createHash } from "node:crypto";
import type { Bucket, ListedObject } from "../aws/bucket.ts";
import type { ReferencedObject } from "../core/audited-aggregate.ts";
import { type Finding, finding } from "../core/finding.ts";
import { hasCode, JobError } from "../errors.ts";

/**
 * What a verification compares of each object. `listing`: size and ETag, from a LIST. `checksums`: also the SHA-256
 * that S3 stores. `bytes`: also the bytes themselves.
 */
export type Depth = "listing" | "checksums" | "bytes";

/** An object to compare with its manifest. */
export interface ObjectToCheck {
  /** The object as the manifest describes it. */
  readonly reference: ReferencedObject;
  /** The object as a LIST of the bucket shows it; undefined if the LIST lacks it. */
  readonly listed: ListedObject | undefined;
}

const maxReadAttempts = 3;
const missing = "a manifest references it";

/** Compares an object with its manifest. Returns its findings, none if it is unchanged. @throws STORAGE_FAILED */
export async function checkObject(archive: Bucket, depth: Depth, object: ObjectToCheck): Promise<Finding[]> {
  const { reference, listed } = object;
  const { key } = reference;
  const metadata = depth === "listing" && listed ? undefined : await archive.head(key);
  const stored = metadata ?? (depth === "listing" ? listed : undefined);
  if (!stored) return [finding("object-missing", key, missing)];
  const errors = [
    ...(stored.bytes === reference.bytes ? [] : [`it has ${stored.bytes} bytes, not ${reference.bytes}`]),
    ...(stored.etag === reference.etag ? [] : ["it was written again: its ETag has changed"]),
    ...(!metadata || metadata.sha256 === reference.sha256 ? [] : [checksumError(metadata.sha256)]),
  ];
  if (errors.length > 0) return [finding("object-changed", key, errors.join("; "))];
  return depth === "bytes" ? checkBytes(archive, reference) : [];
}

function checksumError(sha256: string | undefined): string {
  return sha256 === undefined ? "S3 stores no SHA-256 of it" : "S3 stores another SHA-256 of it";
}

/** Reads the whole object, again if the connection breaks: a deep check may read for days. */
async function checkBytes(archive: Bucket, reference: ReferencedObject): Promise<Finding[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readAndCheck(archive, reference);
    } catch (error) {
      if (!(error instanceof JobError) || !error.retryable || attempt === maxReadAttempts) throw error;
    }
  }
}

async function readAndCheck(archive: Bucket, reference: ReferencedObject): Promise<Finding[]> {
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
    return isUnchanged ? findings : [finding("object-corrupt", key, "its bytes have another SHA-256")];
  } catch (error) {
    if (!hasCode(error, "STORAGE_INVALID")) throw error;
    return [finding("object-corrupt", key, "it is not gzipped JSON lines")];
  }
}
