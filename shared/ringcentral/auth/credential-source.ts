import { createHash } from "node:crypto";
import type { Versioned } from "../../core/versioned.ts";
import type { Credential } from "./credential.ts";
import type { TokenRecord } from "./token-record.ts";
import { createTokenSeal, type TokenSeal } from "./token-seal.ts";

/** A credential with what depends on it. */
export interface CredentialContext {
  readonly credential: Credential;
  readonly seal: TokenSeal;
  readonly record: Versioned<TokenRecord>;
}

/** The key that a container uses; while the credential stays the same, so does the object. */
export interface CredentialSource {
  /** The one in use; read only where there is none yet. */
  readonly current: () => Promise<CredentialContext>;
  /** The one in use after the credential was read anew. */
  readonly reload: () => Promise<CredentialContext>;
}

export interface TokenKeysOptions {
  /** Reads the credential anew at every call; it is called before each exchange, so that a rotated secret is picked up. */
  readonly readCredential: () => Promise<Credential>;
  /** The shared record of an app, by its key's last part. */
  readonly records: (name: string) => Versioned<TokenRecord>;
}

export function createTokenKeys(options: TokenKeysOptions, onOtherServer: () => void): CredentialSource {
  let key: CredentialContext | undefined;
  const reload = async () => {
    const credential = await options.readCredential();
    const seal = createTokenSeal(credential);
    if (key?.seal.fingerprint === seal.fingerprint) return key;
    if (key && key.credential.server !== credential.server) onOtherServer();
    key = { credential, seal, record: options.records(recordName(credential)) };
    return key;
  };
  return { current: async () => key ?? reload(), reload };
}

/** The shared record's name: per app and server, and not to be read back from. */
function recordName({ server, clientId }: Credential): string {
  return createHash("sha256")
    .update(JSON.stringify([server, clientId]))
    .digest("hex")
    .slice(0, 32);
}
