import { hkdfSync } from "node:crypto";
import { CompactEncrypt, compactDecrypt } from "jose";
import type { Credential } from "./credential.ts";

/** Encrypts access tokens so that only the same credential can decrypt them. */
export interface TokenSeal {
  /** Differs between credentials and reveals nothing of them. */
  readonly fingerprint: string;
  readonly seal: (token: string) => Promise<string>;
  /** Returns the token. Undefined if another credential sealed it. */
  readonly open: (sealed: string) => Promise<string | undefined>;
}

const algorithm = { alg: "dir", enc: "A256GCM" } as const;

/** Derives keys for seal and fingerprint from the credential by HKDF-SHA256 (RFC 5869). */
export function createTokenSeal(credential: Credential): TokenSeal {
  const key = derive(credential, "nightshift access token", 32);
  return {
    fingerprint: derive(credential, "nightshift credential fingerprint", 16).toString("hex"),
    seal: (token) => new CompactEncrypt(Buffer.from(token)).setProtectedHeader(algorithm).encrypt(key),
    open: async (sealed) => {
      try {
        const { plaintext } = await compactDecrypt(sealed, key, {
          keyManagementAlgorithms: [algorithm.alg],
          contentEncryptionAlgorithms: [algorithm.enc],
        });
        return Buffer.from(plaintext).toString();
      } catch {
        return undefined;
      }
    },
  };
}

function derive({ server, clientId, clientSecret, jwt }: Credential, purpose: string, bytes: number): Buffer {
  const secret = JSON.stringify([clientSecret.reveal(), jwt.reveal()]);
  return Buffer.from(hkdfSync("sha256", secret, JSON.stringify([server, clientId]), purpose, bytes));
}
