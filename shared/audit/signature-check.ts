import { createPublicKey } from "node:crypto";
import { flattenedVerify } from "jose";
import { JobError } from "../errors.ts";
import type { StoredEntry } from "../storage/ledger-file.ts";
import { type Finding, finding } from "./findings.ts";

/** Tells what is wrong with an entry's signature, if anything. */
export type CheckSignature = (stored: StoredEntry) => Promise<Finding | undefined>;

/** Checks signatures against a public key (PEM, as KMS gives it); nothing is asked of AWS. @throws JobError REQUEST_INVALID */
export function createSignatureCheck(publicKeyPem: string): CheckSignature {
  const key = rsaKey(publicKeyPem);
  return async ({ key: at, entry, signedText }) => {
    const [header = "", between, signature = "", ...more] = (entry.signature ?? "").split(".");
    const payload = Buffer.from(signedText).toString("base64url");
    try {
      if (between !== "" || more.length > 0) throw new TypeError("not detached");
      await flattenedVerify({ protected: header, payload, signature }, key, { algorithms: ["PS256"] });
      return undefined;
    } catch {
      return finding("ledger-signature-invalid", at, "its signature is not of this key over this entry");
    }
  };
}

function rsaKey(pem: string) {
  const key = publicKeyIn(pem);
  if (key?.asymmetricKeyType === "rsa") return key;
  throw new JobError("REQUEST_INVALID", "--public-key: expected an RSA public key in PEM", {
    hint: "Get it by aws kms get-public-key, as docs/operations.md tells under Verifying.",
  });
}

function publicKeyIn(pem: string) {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
