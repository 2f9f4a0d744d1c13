import { createPublicKey, hash } from "node:crypto";
import { flattenedVerify } from "jose";
import { type Finding, finding } from "../core/finding.ts";
import { JobError } from "../errors.ts";
import type { StoredEntry } from "../storage/ledger-file.ts";

/** Returns a finding if an entry's signature is invalid. */
export type CheckSignature = (stored: StoredEntry) => Promise<Finding | undefined>;

/**
 * Checks the signatures of ledger entries with a public key in PEM, without AWS.
 * @throws REQUEST_INVALID when the text is not an RSA public key
 */
export function createSignatureCheck(publicKeyPem: string): CheckSignature {
  const isSigned = createDetachedCheck(publicKeyPem);
  return async ({ key, entry, signedText }) =>
    (await isSigned(signedText, entry.signature ?? ""))
      ? undefined
      : finding("ledger-signature-invalid", key, "its signature was not made with this key for this entry");
}

/**
 * Returns a check whether a detached JWS, `header..signature`, is a text's by this public key.
 * @throws REQUEST_INVALID when the text is not an RSA public key
 */
export function createDetachedCheck(publicKeyPem: string) {
  const publicKey = rsaKey(publicKeyPem);
  return async (text: string, jws: string): Promise<boolean> => {
    const [header = "", between, signature = "", ...more] = jws.split(".");
    if (between !== "" || more.length > 0) return false;
    const payload = Buffer.from(text).toString("base64url");
    try {
      await flattenedVerify({ protected: header, payload, signature }, publicKey, { algorithms: ["PS256"] });
      return true;
    } catch {
      return false;
    }
  };
}

/** SHA-256 of a public key (SubjectPublicKeyInfo), hexadecimal. @throws REQUEST_INVALID */
export function fingerprintOf(publicKeyPem: string): string {
  return hash("sha256", rsaKey(publicKeyPem).export({ type: "spki", format: "der" }));
}

function rsaKey(pem: string) {
  const key = parsePublicKey(pem);
  if (key?.asymmetricKeyType === "rsa") return key;
  throw new JobError("REQUEST_INVALID", "--public-key: expected an RSA public key in PEM", {
    hint: "Get it with aws kms get-public-key, see Verifying in docs/operations.md.",
  });
}

function parsePublicKey(pem: string) {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
