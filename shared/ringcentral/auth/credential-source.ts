import { createHash } from "node:crypto";
import type { Versioned } from "../../core/versioned.ts";
import type { Credential } from "./credential.ts";
import type { TokenRecord } from "./token-record.ts";
import { createTokenSeal, type TokenSeal } from "./token-seal.ts";

/** A credential with its seal and its token record. */
export interface CredentialContext {
  readonly credential: Credential;
  readonly seal: TokenSeal;
  readonly record: Versioned<TokenRecord>;
}

/** The credential that a container uses. While the credential is unchanged, the same object is returned. */
export interface CredentialSource {
  /** Returns the credential in use; reads the secret only the first time. */
  readonly current: () => Promise<CredentialContext>;
  /** Reads the secret again and returns the credential now in use. */
  readonly reload: () => Promise<CredentialContext>;
}

export interface CredentialSourceOptions {
  /** Reads the secret on every call. Called before each exchange, so that a rotated secret takes effect. */
  readonly readCredential: () => Promise<Credential>;
  /** Returns the shared token record of an app, by the last segment of its key. */
  readonly records: (name: string) => Versioned<TokenRecord>;
}

/**
 * Creates the source of the current credential, with the record and the seal of its token. `reload` reads the secret
 * again.
 */
export function createCredentialSource(options: CredentialSourceOptions, onOtherServer: () => void): CredentialSource {
  let current: CredentialContext | undefined;
  const reload = async () => {
    const credential = await options.readCredential();
    const seal = createTokenSeal(credential);
    if (current?.seal.fingerprint === seal.fingerprint) return current;
    if (current && current.credential.server !== credential.server) onOtherServer();
    current = { credential, seal, record: options.records(recordName(credential)) };
    return current;
  };
  return { current: async () => current ?? reload(), reload };
}

/** Returns the record's name: a hash per app and server, which reveals neither. */
function recordName({ server, clientId }: Credential): string {
  return createHash("sha256")
    .update(JSON.stringify([server, clientId]))
    .digest("hex")
    .slice(0, 32);
}
