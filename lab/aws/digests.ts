import { createHash } from "node:crypto";
import { AwsError } from "./aws-error.ts";
import {
  type ChecksumAlgorithm,
  type Checksums,
  checksumAlgorithm,
  checksumAlgorithms,
  digestLength,
  runningChecksum,
} from "./checksums.ts";
import type { WireHeaders } from "./wire.ts";

/** Length and digests that a request declares for its body, to be compared with the received ones. */
export interface DeclaredDigests {
  readonly md5?: string;
  readonly algorithm?: ChecksumAlgorithm;
  /** Undefined if the value follows the body as a trailing header. */
  readonly checksum?: string;
}

/** Length and digests of the received body. */
export interface MeasuredDigests {
  readonly size: number;
  readonly md5: Buffer;
  readonly checksums: Checksums;
}

export interface Meter {
  update(piece: Buffer): void;
  finish(): MeasuredDigests;
}

export function declaredDigests(headers: WireHeaders): DeclaredDigests {
  const inHeader = checksumAlgorithms.filter((algorithm) => headers[`x-amz-checksum-${algorithm}`] !== undefined);
  const inTrailer = checksumAlgorithms.filter((algorithm) => namesTrailer(headers, algorithm));
  const [algorithm, second] = [...inHeader, ...inTrailer];
  if (second) throw invalid("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  const announced = checksumAlgorithm(headers["x-amz-sdk-checksum-algorithm"]);
  if (announced && announced !== algorithm) {
    throw invalid(
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  }
  const checksum = algorithm && headers[`x-amz-checksum-${algorithm}`];
  if (algorithm && checksum !== undefined) requireWellFormed(algorithm, checksum);
  const md5 = headers["content-md5"];
  if (md5 !== undefined && Buffer.from(md5, "base64").length !== 16) {
    throw new AwsError(400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
  }
  return { ...(md5 !== undefined && { md5 }), ...(algorithm && { algorithm }), ...(checksum && { checksum }) };
}

/** Measures a body piece by piece. */
export function createMeter(algorithm: ChecksumAlgorithm): Meter {
  const md5 = createHash("md5");
  const checksum = runningChecksum(algorithm);
  let size = 0;
  return {
    update: (piece) => {
      size += piece.length;
      md5.update(piece);
      checksum.update(piece);
    },
    finish: () => ({
      size,
      md5: md5.digest(),
      checksums: { [algorithm]: checksum.digest().toString("base64") },
    }),
  };
}

/** Throws `BadDigest` if the body differs from its declared digests. */
export function compareDigests(
  declared: DeclaredDigests,
  measured: MeasuredDigests,
  trailers: ReadonlyMap<string, string>,
): void {
  if (declared.md5 !== undefined && declared.md5 !== measured.md5.toString("base64")) {
    throw new AwsError(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
  const { algorithm } = declared;
  if (!algorithm) return;
  const expected = declared.checksum ?? trailers.get(`x-amz-checksum-${algorithm}`);
  if (expected === undefined) {
    throw new AwsError(400, "MalformedTrailerError", `The request announced a ${algorithm} trailer that did not come`);
  }
  requireWellFormed(algorithm, expected);
  if (expected !== measured.checksums[algorithm]) {
    const name = algorithm.toUpperCase();
    throw new AwsError(400, "BadDigest", `The ${name} you specified did not match the calculated checksum.`);
  }
}

function namesTrailer(headers: WireHeaders, algorithm: ChecksumAlgorithm): boolean {
  const names = (headers["x-amz-trailer"] ?? "").toLowerCase().split(",");
  return names.some((name) => name.trim() === `x-amz-checksum-${algorithm}`);
}

function requireWellFormed(algorithm: ChecksumAlgorithm, checksum: string): void {
  const bytes = Buffer.from(checksum, "base64");
  if (bytes.length === digestLength(algorithm) && bytes.toString("base64") === checksum) return;
  throw invalid(`Value for x-amz-checksum-${algorithm} header is invalid.`);
}

function invalid(message: string): AwsError {
  return new AwsError(400, "InvalidRequest", message);
}
