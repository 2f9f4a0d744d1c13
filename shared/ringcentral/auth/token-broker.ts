import { Pause } from "../../core/async/pause.ts";
import type { TokenSource } from "../http/token-source.ts";
import { type CachedToken, unsealToken, withLaterRenewal } from "./cached-token.ts";
import type { Credential } from "./credential.ts";
import { createTokenKeys, type TokenKeysOptions } from "./credential-source.ts";
import { createDistributedToken, type SharedTokenOptions } from "./distributed-token.ts";
import { createTokenMemory } from "./token-cache.ts";

/** Gives access tokens, one login for all Lambdas. */
export interface TokenBroker extends TokenSource {
  /** Tells the credential in use from others; nothing of it can be read from that. */
  readonly fingerprint: () => Promise<string>;
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
/** Whoever exchanges is done by then; a longer wait is for the limit of exchanges. */
const maxExchangeWaitMs = 60_000;

export function createTokenBroker(options: TokenBrokerOptions): TokenBroker {
  const { now } = options;
  const memory = createTokenMemory(now);
  const keys = createTokenKeys(options, memory.clear);
  const sharedToken = createDistributedToken(options, keys, memory);
  let underWay: Promise<CachedToken> | undefined;

  /** Whatever went wrong with getting another, a token that lives still serves. */
  const unlessHeld = (error: unknown): CachedToken => {
    const held = memory.get();
    if (!held) throw error;
    return withLaterRenewal(held, now());
  };

  const keep = (token: CachedToken): CachedToken => {
    if (memory.isRejected(token.value)) throw new Pause(new Date(now().getTime() + sameAgainPauseMs), "token");
    memory.set(token);
    return token;
  };

  const token = async (): Promise<string> => {
    const held = memory.get();
    if (held && now() < held.renewAt) return held.value;
    underWay ??= sharedToken()
      .catch(unlessHeld)
      .then(keep)
      .finally(() => {
        underWay = undefined;
      });
    return (await underWay).value;
  };

  return {
    server: async () => (await keys.current()).credential.server,
    fingerprint: async () => (await keys.current()).seal.fingerprint,
    token,
    accept: memory.accept,
    reject: memory.reject,
    renew: async (refused) => {
      if (memory.isUntried(refused)) return false;
      memory.reject(refused);
      try {
        memory.try(await token());
        return true;
      } catch (error) {
        const isLimited = error instanceof Pause && error.until.getTime() - now().getTime() > maxExchangeWaitMs;
        if (!isLimited) throw error;
        memory.reinstate(refused);
        return false;
      }
    },
    revoke: async () => {
      const { credential, seal, record } = await keys.reload();
      const stored = await record.read();
      const token =
        memory.get()?.value ?? (await unsealToken(stored?.value?.scopes[options.scope]?.token, seal))?.value;
      if (!token) return;
      await options.revoke(credential, token);
      memory.reject(token);
    },
  };
}
