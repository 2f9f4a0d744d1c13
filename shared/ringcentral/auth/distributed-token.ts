import { Pause } from "../../core/async/pause.ts";
import type { Versioned } from "../../core/versioned.ts";
import { type CachedToken, toCachedToken, unsealToken, withLaterRenewal } from "./cached-token.ts";
import type { CredentialContext, CredentialSource } from "./credential-source.ts";
import type { TokenCache } from "./token-cache.ts";
import { type ExchangeOutcome, type ExchangeToken, refusedError } from "./token-exchange.ts";
import {
  claimed,
  concluded,
  nextMove,
  ofAnotherCredential,
  type ScopeRecord,
  type TokenRecord,
} from "./token-record.ts";

export interface SharedTokenOptions {
  readonly exchange: ExchangeToken;
  /** What a token is asked for; tokens of other scopes are kept apart. */
  readonly scope: string;
  /** S3's clock. */
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  readonly nonce: () => string;
  /** True when a person started this run: a refusal is asked about again, once a minute at most. */
  readonly personAsks: () => boolean;
  readonly onExchange: (outcome: ExchangeOutcome["type"]) => void;
}

type Stored = Awaited<ReturnType<Versioned<TokenRecord>["read"]>>;

const pollMs = 500;
/** Nobody but the engine waits longer than this. */
const longestWaitMs = 5_000;
/** Looks at the record in one go: some for waiting, the others for races that somebody else won. */
const longestRace = 50;
/** With a claim that took longer to store, the exchange could last longer than others believe in it. */
const longestClaimMs = 5_000;

/**
 * Gets the token that all Lambdas share: finds it in the record, waits for whoever exchanges, or exchanges.
 * @throws JobError CREDENTIAL_REFUSED; Pause while another holder is exchanging
 */
export function createDistributedToken(options: SharedTokenOptions, keys: CredentialSource, memory: TokenCache) {
  const { now, scope } = options;

  /** One look at the record: the token found or exchanged, or undefined to look again. */
  const readOrExchange = async (waitUntil: Date): Promise<CachedToken | undefined> => {
    const key = await keys.current();
    const stored = await key.record.read();
    const record = stored?.value?.credential === key.seal.fingerprint ? stored.value : undefined;
    // The record is about another credential: either this container's is out of date, or the record is.
    if (stored && !record && (await keys.reload()) !== key) return undefined;
    const known = record?.scopes[scope]?.token;
    const living = await livingToken(known, key);
    if (living && now() < living.renewAt) return living;
    // Whatever goes wrong from here on, it serves.
    if (living) memory.set(living);

    // What the record of another credential says of exchanges still counts: they are limited per app.
    const move = nextMove(record ?? ofAnotherCredential(stored?.value), scope, now(), options.personAsks());
    if (move.type !== "exchange" && living) return withLaterRenewal(living, now());
    // The secret may have been rotated since it was read.
    if (move.type === "refused" && (await keys.reload()) !== key) return undefined;
    if (move.type === "refused") throw refusedError(move.code);
    if (move.type === "wait") {
      if (now() >= waitUntil) throw new Pause(move.until, "token");
      await options.sleep(pollMs);
      return undefined;
    }
    if ((await keys.reload()) !== key) return undefined;
    return exchange(key, stored, living && known);
  };

  const livingToken = async (known: ScopeRecord["token"], { seal }: CredentialContext) => {
    const token = await unsealToken(known, seal);
    return token && !memory.isRejected(token.value) && now() < token.expiresAt ? token : undefined;
  };

  /** The token exchanged; where there is none, the caller falls back on what is held. */
  const exchange = async (
    { credential, seal, record }: CredentialContext,
    stored: Stored,
    kept: ScopeRecord["token"],
  ): Promise<CachedToken | undefined> => {
    const began = now();
    const claim = claimed(stored?.value, { nonce: options.nonce(), credential: seal.fingerprint, scope, began, kept });
    const version = await record.write(claim, stored?.version);
    if (!version || now().getTime() - began.getTime() > longestClaimMs) return undefined;

    const outcome = await options.exchange(credential);
    options.onExchange(outcome.type);
    const sealed = outcome.type === "token" ? await seal.seal(outcome.token.value) : undefined;
    const next = concluded(claim, outcome, { nonce: options.nonce(), scope, began, ended: now(), sealed });
    // The token serves this container even if nobody else can be told of it.
    await record.write(next, version).catch(() => undefined);
    if (outcome.type === "token") return toCachedToken(outcome.token.value, next.scopes[scope]?.token);
    if (outcome.type === "refused") throw refusedError(outcome.code);
    // Longer where exchanges have failed before: the record says so.
    throw new Pause(new Date(now().getTime() + outcome.retryAfterMs), "token");
  };

  return async (): Promise<CachedToken> => {
    const waitUntil = new Date(now().getTime() + longestWaitMs);
    for (let looks = 0; looks < longestRace; looks++) {
      const found = await readOrExchange(waitUntil);
      if (found) return found;
    }
    throw new Pause(waitUntil, "token");
  };
}
