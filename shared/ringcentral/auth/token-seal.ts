import { hkdfSync } from "node:crypto";
import { CompactEncrypt, compactDecrypt } from "jose";
import type { Credential } from "./credential.ts";

/** Seals access tokens so that only a holder of the same credential can open them. */
export interface TokenSeal {
  /** Tells credentials apart and gives nothing away. */
  readonly fingerprint: string;
  readonly seal: (token: string) => Promise<string>;
  /** The token, or undefined where this credential did not seal it. */
  readonly open: (sealed: string) => Promise<string | undefined>;
}

const algorithm = { alg: "dir", enc: "A256GCM" } as const;

/** Keys from the credential by HKDF-SHA256 (RFC 5869), one for sealing and one for the fingerprint. */
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
