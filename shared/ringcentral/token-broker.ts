import { createHash } from "node:crypto";
import { Pause } from "../core/pause.ts";
import type { Versioned } from "../core/versioned.ts";
import type { Credential } from "./credential.ts";
import { type HeldToken, heldToken, openToken, renewedLater } from "./held-token.ts";
import { type ExchangeOutcome, type ExchangeToken, refusedError } from "./token-exchange.ts";
import { claimed, concluded, nextMove, type TokenRecord, withoutRefusal } from "./token-record.ts";
import { createTokenSeal, type TokenSeal } from "./token-seal.ts";

/** Gives access tokens, one login for all Lambdas. */
export interface TokenBroker {
  /** The server that the credential in use belongs to. */
  readonly server: () => Promise<string>;
  /**
   * A token that RingCentral should accept.
   * @throws JobError CREDENTIAL_REFUSED with the operator's instruction; Pause while another holder is exchanging
   */
  readonly token: () => Promise<string>;
  /** Forgets a token that was answered with 401, unless it has been replaced already. */
  readonly reject: (token: string) => void;
  /** Ends the session of the token that is held, if any (RFC 7009). */
  readonly revoke: () => Promise<void>;
}

export interface TokenBrokerOptions {
  /** Reads the credential anew at every call; it is called before each exchange, so that a rotated secret is picked up. */
  readonly readCredential: () => Promise<Credential>;
  /** The shared record of an app, by its key's last part. */
  readonly records: (name: string) => Versioned<TokenRecord>;
  readonly exchange: ExchangeToken;
  readonly revoke: (credential: Credential, token: string) => Promise<boolean>;
  /** What the tokens are asked for; tokens with other scopes are kept apart. */
  readonly scopes: readonly string[];
  /** S3's clock. */
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  readonly nonce: () => string;
  /** True when a person started this run: a refusal is asked about again, once a minute at most. */
  readonly personAsks: () => boolean;
  readonly onExchange: (outcome: ExchangeOutcome["is"]) => void;
}

type Key = { readonly credential: Credential; readonly seal: TokenSeal; readonly record: Versioned<TokenRecord> };

const pollMs = 500;
/** Nobody but the engine waits longer than this. */
const longestWaitMs = 5_000;
/** Looks at the record in one go: some for waiting, the others for races that somebody else won. */
const longestRace = 50;
export function createTokenBroker(options: TokenBrokerOptions): TokenBroker {
  const { now } = options;
  let held: HeldToken | undefined;
  let rejected: string | undefined;
  let key: Key | undefined;
  let underWay: Promise<HeldToken> | undefined;

  const readKey = async (): Promise<Key> => {
    const credential = await options.readCredential();
    const seal = createTokenSeal(credential);
    if (key?.seal.fingerprint === seal.fingerprint) return key;
    key = { credential, seal, record: options.records(recordName(credential, options.scopes)) };
    return key;
  };

  /** One look at the shared record: the token found or exchanged, or undefined to look again. */
  const look = async (waitUntil: Date): Promise<HeldToken | undefined> => {
    const current = key ?? (await readKey());
    const stored = await current.record.read();
    const record = stored?.value.credential === current.seal.fingerprint ? stored.value : undefined;
    // The record is about another credential: either this container's is out of date, or the record is.
    if (stored && !record && (await readKey()) !== current) return undefined;
    const token = await openToken(record, current.seal);
    const living = token && token.value !== rejected && now() < token.expiresAt ? token : undefined;
    if (living && now() < living.renewAt) return living;
    // Whatever goes wrong from here on, it serves.
    if (living) held = living;

    // What the record of another credential says of exchanges still counts: they are limited per app.
    const move = nextMove(record ?? withoutRefusal(stored?.value), now(), options.personAsks());
    if (move.is !== "exchange" && living) return renewedLater(living, now());
    // The secret may have been rotated since it was read.
    if (move.is === "refused" && (await readKey()) !== current) return undefined;
    if (move.is === "refused") throw refusedError(move.code);
    if (move.is === "wait") {
      if (now() >= waitUntil) throw new Pause(move.until, "token");
      await options.sleep(pollMs);
      return undefined;
    }
    const fresh = await readKey();
    if (fresh !== current) return undefined;
    return exchange(fresh, stored, living && record ? record.token : undefined, living);
  };

  const exchange = async (
    { credential, seal, record }: Key,
    stored: Awaited<ReturnType<Versioned<TokenRecord>["read"]>>,
    kept: TokenRecord["token"],
    living: HeldToken | undefined,
  ): Promise<HeldToken | undefined> => {
    const began = now();
    const claim = claimed(stored?.value, { nonce: options.nonce(), credential: seal.fingerprint, began, kept });
    const version = await record.write(claim, stored?.version);
    if (!version) return undefined;

    const outcome = await options.exchange(credential);
    options.onExchange(outcome.is);
    const sealed = outcome.is === "token" ? await seal.seal(outcome.token.value) : undefined;
    const next = concluded(claim, outcome, { nonce: options.nonce(), began, ended: now(), sealed });
    // The token serves this container even if nobody else can be told of it.
    await record.write(next, version).catch(() => undefined);
    if (outcome.is === "token") return heldToken(outcome.token.value, next.token);
    if (living) return renewedLater(living, now());
    if (outcome.is === "refused") throw refusedError(outcome.code);
    throw new Pause(new Date(now().getTime() + outcome.retryAfterMs), "token");
  };

  const acquire = async (): Promise<HeldToken> => {
    const waitUntil = new Date(now().getTime() + longestWaitMs);
    for (let looks = 0; looks < longestRace; looks++) {
      const found = await look(waitUntil);
      if (found) return found;
    }
    throw new Pause(waitUntil, "token");
  };

  /** Whatever went wrong with getting another, a token that lives still serves. */
  const unlessHeld = (error: unknown): HeldToken => {
    if (!held || now() >= held.expiresAt) throw error;
    return renewedLater(held, now());
  };

  return {
    server: async () => (key ?? (await readKey())).credential.server,
    token: async () => {
      if (held && now() < held.renewAt) return held.value;
      underWay ??= acquire().finally(() => {
        underWay = undefined;
      });
      held = await underWay.catch(unlessHeld);
      return held.value;
    },
    reject: (token) => {
      if (held && held.value !== token) return;
      rejected = token;
      held = undefined;
    },
    revoke: async () => {
      const { credential, seal, record } = await readKey();
      const stored = await record.read();
      const token = held?.value ?? (await openToken(stored?.value, seal))?.value;
      if (!token) return;
      await options.revoke(credential, token);
      rejected = token;
      held = undefined;
    },
  };
}

/** The shared record's name: per app, server and set of scopes, and not to be read back from. */
function recordName({ server, clientId }: Credential, scopes: readonly string[]): string {
  return createHash("sha256")
    .update(JSON.stringify([server, clientId, [...scopes].sort()]))
    .digest("hex")
    .slice(0, 32);
}
