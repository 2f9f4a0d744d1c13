import { createHash } from "node:crypto";
import type { Bucket, ListedObject } from "../aws/bucket.ts";
import { JobError } from "../errors.ts";
import type { ReferencedObject } from "./audited-aggregate.ts";
import { type Finding, finding } from "./findings.ts";

/**
 * How far each object is looked into: what a LIST tells of it (size and ETag), also the SHA-256 that S3 keeps of it, or also
 * its bytes.
 */
export type Depth = "listing" | "checksums" | "bytes";

/** An object that a manifest names, and what the listing shows at its key, if that has been listed. */
export interface ObjectToCheck {
  readonly named: ReferencedObject;
  readonly listed: ListedObject | undefined;
}

const readTries = 3;

export async function checkObject(archive: Bucket, depth: Depth, { named, listed }: ObjectToCheck): Promise<Finding[]> {
  const { key } = named;
  const facts = depth === "listing" && listed ? undefined : await archive.head(key);
  const seen = facts ?? (depth === "listing" ? listed : undefined);
  if (!seen) return [finding("object-missing", key, "a manifest names it")];
  const wrong = [
    ...(seen.bytes === named.bytes ? [] : [`it has ${seen.bytes} bytes, not ${named.bytes}`]),
    ...(seen.etag === named.etag ? [] : ["it was written again: its ETag is another"]),
    ...(!facts || facts.sha256 === named.sha256 ? [] : [checksumComplaint(facts.sha256)]),
  ];
  if (wrong.length > 0) return [finding("object-changed", key, wrong.join("; "))];
  return depth === "bytes" ? checkBytes(archive, named) : [];
}

function checksumComplaint(sha256: string | undefined): string {
  return sha256 === undefined ? "S3 keeps no SHA-256 of it" : "S3 keeps another SHA-256 of it";
}

/** A connection that breaks within an object is taken up anew: a deep look may read for days. */
async function checkBytes(archive: Bucket, named: ReferencedObject): Promise<Finding[]> {
  for (let tried = 1; ; tried++) {
    try {
      return await readThrough(archive, named);
    } catch (error) {
      if (!(error instanceof JobError) || !error.retryable || tried === readTries) throw error;
    }
  }
}

async function readThrough(archive: Bucket, named: ReferencedObject): Promise<Finding[]> {
  const { key, checkContent } = named;
  const opened = await archive.open(key);
  if (!opened) return [finding("object-missing", key, "a manifest names it")];
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
    const isWhole = hash.digest("base64") === named.sha256;
    return isWhole ? findings : [finding("object-corrupt", key, "its bytes have another SHA-256")];
  } catch (error) {
    if (!(error instanceof JobError) || error.code !== "STORAGE_INVALID") throw error;
    return [finding("object-corrupt", key, "it is not gzipped JSON lines")];
  }
}
