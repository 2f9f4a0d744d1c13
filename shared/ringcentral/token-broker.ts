import { Pause } from "../core/pause.ts";
import type { Credential } from "./credential.ts";
import { type HeldToken, openToken, renewedLater } from "./held-token.ts";
import { createSharedToken, type SharedTokenOptions } from "./shared-token.ts";
import { createTokenKeys, type TokenKeysOptions } from "./token-keys.ts";
import { createTokenMemory } from "./token-memory.ts";

/** Gives access tokens, one login for all Lambdas. */
export interface TokenBroker {
  /** The server that the credential in use belongs to. */
  readonly server: () => Promise<string>;
  /**
   * A token that RingCentral should accept.
   * @throws JobError CREDENTIAL_REFUSED with the operator's instruction; Pause while another holder is exchanging
   */
  readonly token: () => Promise<string>;
  /** Notes a token that was answered with 401; it never serves again. */
  readonly reject: (token: string) => void;
  /** Ends the session of the token that is held, if any (RFC 7009). */
  readonly revoke: () => Promise<void>;
}

export interface TokenBrokerOptions extends TokenKeysOptions, SharedTokenOptions {
  readonly revoke: (credential: Credential, token: string) => Promise<boolean>;
}

/** RingCentral gave a token once more that it had refused: another login soon would bring the same. */
const sameAgainPauseMs = 30_000;

export function createTokenBroker(options: TokenBrokerOptions): TokenBroker {
  const { now } = options;
  const memory = createTokenMemory(now);
  const keys = createTokenKeys(options, memory.forget);
  const sharedToken = createSharedToken(options, keys, memory);
  let underWay: Promise<HeldToken> | undefined;

  /** Whatever went wrong with getting another, a token that lives still serves. */
  const unlessHeld = (error: unknown): HeldToken => {
    const held = memory.held();
    if (!held) throw error;
    return renewedLater(held, now());
  };

  const keep = (token: HeldToken): HeldToken => {
    if (memory.isRejected(token.value)) throw new Pause(new Date(now().getTime() + sameAgainPauseMs), "token");
    memory.hold(token);
    return token;
  };

  return {
    server: async () => (await keys.current()).credential.server,
    token: async () => {
      const held = memory.held();
      if (held && now() < held.renewAt) return held.value;
      underWay ??= sharedToken()
        .catch(unlessHeld)
        .then(keep)
        .finally(() => {
          underWay = undefined;
        });
      return (await underWay).value;
    },
    reject: memory.reject,
    revoke: async () => {
      const { credential, seal, record } = await keys.latest();
      const stored = await record.read();
      const token = memory.held()?.value ?? (await openToken(stored?.value, seal))?.value;
      if (!token) return;
      await options.revoke(credential, token);
      memory.reject(token);
    },
  };
}
