import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { AwsError } from "./aws-error.ts";
import { canonicalPath, canonicalQuery } from "./canonical-url.ts";
import type { WireHeaders } from "./wire.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: WireHeaders;
  /** The body's SHA-256 in hex, or the word that stands for it in `x-amz-content-sha256`. */
  readonly payloadHash: string;
}

/** A request with a valid signature. Its body's chunks may be signed with the same key, each on the previous one. */
export interface VerifiedSignature {
  readonly signature: string;
  readonly timestamp: string;
  readonly scope: string;
  readonly key: Buffer;
}

interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** Checks Signature Version 4 in the `Authorization` header (IAM user guide: "Create a signed AWS API request"). */
export function verifySignature(request: SignedRequest, credentials: Credentials, service: string): VerifiedSignature {
  const authorization = readAuthorization(request.headers.authorization);
  if (authorization.accessKeyId !== credentials.accessKeyId) {
    throw new AwsError(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
  }
  const timestamp = request.headers["x-amz-date"] ?? "";
  const { date, region, signedHeaders } = authorization;
  if (authorization.service !== service || !timestamp.startsWith(date)) throw badSignature();
  requireSigned(signedHeaders, request.headers);

  const scope = `${date}/${region}/${service}/aws4_request`;
  const key = signingKey(credentials, date, region, service);
  const text = `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonicalRequest(request, signedHeaders))}`;
  const signature = hmac(key, text).toString("hex");
  if (!sameSignature(signature, authorization.signature)) throw badSignature();
  return { signature, timestamp, scope, key };
}

export function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

export function sameSignature(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

export function badSignature(): AwsError {
  return new AwsError(
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  );
}

/** Caches signing keys, because a night needs the same key hundreds of times. */
const signingKeys = new Map<string, Buffer>();

function signingKey(credentials: Credentials, date: string, region: string, service: string): Buffer {
  const name = JSON.stringify([credentials.secretAccessKey, date, region, service]);
  const key =
    signingKeys.get(name) ??
    [region, service, "aws4_request"].reduce(hmac, hmac(`AWS4${credentials.secretAccessKey}`, date));
  signingKeys.set(name, key);
  return key;
}

function readAuthorization(value: string | undefined): Authorization {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      value ?? "",
    );
  if (!match) throw new AwsError(403, "AccessDenied", "Access Denied");
  const [, accessKeyId = "", date = "", region = "", service = "", names = "", signature = ""] = match;
  return { accessKeyId, date, region, service, signedHeaders: names.split(";"), signature };
}

function requireSigned(signedHeaders: readonly string[], headers: WireHeaders): void {
  const required = Object.keys(headers).filter((name) => name === "host" || name.startsWith("x-amz-"));
  const unsigned = required.filter((name) => !signedHeaders.includes(name));
  if (unsigned.length === 0) return;
  throw new AwsError(403, "AccessDenied", "There were headers present in the request which were not signed", {
    details: { HeadersNotSigned: unsigned.join(", ") },
  });
}

function canonicalRequest(request: SignedRequest, signedHeaders: readonly string[]): string {
  const headers = signedHeaders.map((name) => `${name}:${(request.headers[name] ?? "").trim().replace(/ +/g, " ")}\n`);
  return [
    request.method,
    canonicalPath(request.url),
    canonicalQuery(request.url),
    headers.join(""),
    signedHeaders.join(";"),
    request.payloadHash,
  ].join("\n");
}

/** Node hands header bytes over as Latin-1, and the signature is made over the bytes. */
function sha256(text: string): string {
  return createHash("sha256").update(text, "latin1").digest("hex");
}
