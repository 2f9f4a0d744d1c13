import { createPublicKey, hash } from "node:crypto";
import { flattenedVerify } from "jose";
import { type Finding, finding } from "../core/finding.ts";
import { JobError } from "../errors.ts";
import type { StoredEntry } from "../storage/ledger-file.ts";

/** Returns a finding if an entry's signature is invalid. */
export type CheckSignature = (stored: StoredEntry) => Promise<Finding | undefined>;

/**
 * Checks signatures with a public key in PEM, without AWS.
 * @throws REQUEST_INVALID when the text is not an RSA public key
 */
export function createSignatureCheck(publicKeyPem: string): CheckSignature {
  const publicKey = rsaKey(publicKeyPem);
  return async ({ key, entry, signedText }) => {
    const [header = "", between, signature = "", ...more] = (entry.signature ?? "").split(".");
    const payload = Buffer.from(signedText).toString("base64url");
    try {
      if (between !== "" || more.length > 0) throw new TypeError("not detached");
      await flattenedVerify({ protected: header, payload, signature }, publicKey, { algorithms: ["PS256"] });
      return undefined;
    } catch {
      return finding("ledger-signature-invalid", key, "its signature was not made with this key for this entry");
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
