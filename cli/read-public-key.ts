import { readFile } from "node:fs/promises";
import {
  type CheckSignature,
  createDetachedCheck,
  createSignatureCheck,
  fingerprintOf,
} from "../shared/audit/signature-check.ts";
import { JobError } from "../shared/errors.ts";

/** A public key with which signatures are checked. */
export interface PublicKey {
  readonly check: CheckSignature;
  /** True if a detached JWS is a text's. */
  readonly isSigned: (text: string, jws: string) => Promise<boolean>;
  /** SHA-256 of the key, hexadecimal. */
  readonly sha256: string;
}

/** Reads a public key from a PEM file. @throws REQUEST_INVALID when it cannot be read or is not an RSA public key */
export async function readPublicKey(file: string): Promise<PublicKey> {
  const pem = await readPem(file);
  return { check: createSignatureCheck(pem), isSigned: createDetachedCheck(pem), sha256: fingerprintOf(pem) };
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new JobError("REQUEST_INVALID", `--public-key: reading ${file} failed`, { cause, hint: "Check the path." });
  }
}
