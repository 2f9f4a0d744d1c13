import { Pause } from "../../core/async/pause.ts";
import type { Versioned } from "../../core/versioned.ts";
import { type CachedToken, toCachedToken, unsealToken, withLaterRenewal } from "./cached-token.ts";
import type { CredentialContext, CredentialSource } from "./credential-source.ts";
import type { TokenCache } from "./token-cache.ts";
import { type ExchangeOutcome, type ExchangeToken, refusedError } from "./token-exchange.ts";
import {
  nextMove,
  type ScopeRecord,
  type TokenRecord,
  withClaim,
  withOutcome,
  withoutOtherCredential,
} from "./token-record.ts";

export interface DistributedTokenOptions {
  readonly exchange: ExchangeToken;
  /** Requested scopes, separated by spaces. Tokens of different scopes are stored separately. */
  readonly scope: string;
  /** Time by S3's clock. */
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  readonly nonce: () => string;
  /** True if an operator started this run: a refused exchange is retried, at most once a minute. */
  readonly isManual: () => boolean;
  readonly onExchange: (outcome: ExchangeOutcome["type"]) => void;
}

type Stored = Awaited<ReturnType<Versioned<TokenRecord>["read"]>>;

const pollMs = 500;
/** Longer waits are left to the engine, where waiting is free. */
const maxWaitMs = 5_000;
/** Reads of the record per call: some while waiting, others after a lost write race. */
const maxReads = 50;
/** A claim that took longer to write is dropped: others might consider it expired before the exchange ends. */
const maxClaimMs = 5_000;

/**
 * Returns a function that gets the token shared by all functions: from the record, by waiting for another exchange, or by
 * its own exchange. @throws CREDENTIAL_REFUSED; Pause while another function exchanges or the limit of exchanges is reached
 */
export function createDistributedToken(options: DistributedTokenOptions, source: CredentialSource, cache: TokenCache) {
  const { now, scope } = options;

  /** Reads the record once. Returns the token found or exchanged, undefined to read again. */
  const readOrExchange = async (waitUntil: Date): Promise<CachedToken | undefined> => {
    const key = await source.current();
    const stored = await key.record.read();
    const record = stored?.value?.credential === key.seal.fingerprint ? stored.value : undefined;
    // The record belongs to another credential: either this container's is out of date, or the record is.
    if (stored && !record && (await source.reload()) !== key) return undefined;
    const known = record?.scopes[scope]?.token;
    const valid = await validToken(known, key);
    if (valid && now() < valid.renewAt) return valid;
    // Cached as fallback for any failure below.
    if (valid) cache.set(valid);

    // Exchanges of another credential still count, because RingCentral limits them per app.
    const move = nextMove(record ?? withoutOtherCredential(stored?.value), scope, now(), options.isManual());
    if (move.type !== "exchange" && valid) return withLaterRenewal(valid, now());
    // The secret may have been rotated since it was last read.
    if (move.type === "refused" && (await source.reload()) !== key) return undefined;
    if (move.type === "refused") throw refusedError(move.code);
    if (move.type === "wait") {
      if (now() >= waitUntil) throw new Pause(move.until, "token");
      await options.sleep(pollMs);
      return undefined;
    }
    if ((await source.reload()) !== key) return undefined;
    return exchange(key, stored, valid && known);
  };

  const validToken = async (known: ScopeRecord["token"], { seal }: CredentialContext) => {
    const token = await unsealToken(known, seal);
    return token && !cache.isRejected(token.value) && now() < token.expiresAt ? token : undefined;
  };

  /** Exchanges the JWT for a token. Undefined if the claim lost a race or took too long. */
  const exchange = async (
    { credential, seal, record }: CredentialContext,
    stored: Stored,
    kept: ScopeRecord["token"],
  ): Promise<CachedToken | undefined> => {
    const began = now();
    const claim = withClaim(stored?.value, {
      nonce: options.nonce(),
      credential: seal.fingerprint,
      scope,
      began,
      kept,
    });
    const version = await record.write(claim, stored?.version);
    if (!version || now().getTime() - began.getTime() > maxClaimMs) return undefined;

    const outcome = await options.exchange(credential);
    options.onExchange(outcome.type);
    const sealed = outcome.type === "token" ? await seal.seal(outcome.token.value) : undefined;
    const next = withOutcome(claim, outcome, { nonce: options.nonce(), scope, began, ended: now(), sealed });
    // The token is usable in this container even if the record cannot be written.
    await record.write(next, version).catch(() => undefined);
    if (outcome.type === "token") return toCachedToken(outcome.token.value, next.scopes[scope]?.token);
    if (outcome.type === "refused") throw refusedError(outcome.code);
    // The next read of the record may make this longer, after several failures.
    throw new Pause(new Date(now().getTime() + outcome.retryAfterMs), "token");
  };

  return async (): Promise<CachedToken> => {
    const waitUntil = new Date(now().getTime() + maxWaitMs);
    for (let reads = 0; reads < maxReads; reads++) {
      const found = await readOrExchange(waitUntil);
      if (found) return found;
    }
    throw new Pause(waitUntil, "token");
  };
}
