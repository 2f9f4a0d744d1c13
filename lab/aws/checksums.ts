import { createHash } from "node:crypto";
import { type RunningHash, runningCrc32, runningCrc32c, runningCrc64nvme } from "./crc.ts";

/** The algorithms of S3's `x-amz-checksum-…` headers, spelt as in those headers. */
export type ChecksumAlgorithm = keyof typeof algorithms;

/** Base64 digests of the whole object, by algorithm. */
export type Checksums = Readonly<Partial<Record<ChecksumAlgorithm, string>>>;

const algorithms = {
  crc32: runningCrc32,
  crc32c: runningCrc32c,
  crc64nvme: runningCrc64nvme,
  sha1: () => createHash("sha1"),
  sha256: () => createHash("sha256"),
} satisfies Record<string, () => RunningHash>;

export const checksumAlgorithms: readonly ChecksumAlgorithm[] = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"];

export function runningChecksum(algorithm: ChecksumAlgorithm): RunningHash {
  return algorithms[algorithm]();
}

/** The digest's length in bytes: S3 reports a value of another length as malformed instead of wrong. */
export function digestLength(algorithm: ChecksumAlgorithm): number {
  return { crc32: 4, crc32c: 4, crc64nvme: 8, sha1: 20, sha256: 32 }[algorithm];
}

export function checksumAlgorithm(name: string | undefined): ChecksumAlgorithm | undefined {
  return checksumAlgorithms.find((algorithm) => algorithm === name?.toLowerCase());
}
