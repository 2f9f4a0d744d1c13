import { createHash } from "node:crypto";
import { Pause } from "../core/pause.ts";
import type { Versioned } from "../core/versioned.ts";
import type { Credential } from "./credential.ts";
import { type ExchangeOutcome, type ExchangeToken, refusedError } from "./token-exchange.ts";
import { nextMove, recentExchanges, type TokenRecord } from "./token-record.ts";
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

interface Held {
  readonly value: string;
  readonly expiresAt: Date;
  readonly renewAt: Date;
}

type Key = { readonly credential: Credential; readonly seal: TokenSeal; readonly record: Versioned<TokenRecord> };

/** A token is renewed this long before it expires, or after five sixths of its life where it is short. */
const renewBeforeMs = 10 * 60_000;
const renewBeforeShare = 1 / 6;
const refusedForMs = 60 * 60_000;
const pollMs = 500;
/** Nobody but the engine waits longer than this. */
const longestWaitMs = 5_000;
/** Looks at the record in one go: some for waiting, the others for races that somebody else won. */
const longestRace = 50;
/** After a renewal that failed the old token serves, and the record is not looked at again for this long. */
const renewAgainMs = 30_000;

export function createTokenBroker(options: TokenBrokerOptions): TokenBroker {
  const { now } = options;
  let held: Held | undefined;
  let rejected: string | undefined;
  let key: Key | undefined;
  let underWay: Promise<Held> | undefined;

  const readKey = async (): Promise<Key> => {
    const credential = await options.readCredential();
    const seal = createTokenSeal(credential);
    if (key?.seal.fingerprint === seal.fingerprint) return key;
    key = { credential, seal, record: options.records(recordName(credential, options.scopes)) };
    return key;
  };

  /** One look at the shared record: the token found or exchanged, or undefined to look again. */
  const look = async (waitUntil: Date): Promise<Held | undefined> => {
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
    if (move.is !== "exchange" && living) return renewLater(living, now());
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
    living: Held | undefined,
  ): Promise<Held | undefined> => {
    const began = now();
    const claim: TokenRecord = {
      nonce: options.nonce(),
      credential: seal.fingerprint,
      exchanges: [...recentExchanges(stored?.value, began), began.toISOString()],
      ...(kept && { token: kept }),
      state: { is: "exchanging", since: began.toISOString() },
    };
    const version = await record.write(claim, stored?.version);
    if (!version) return undefined;

    const outcome = await options.exchange(credential);
    options.onExchange(outcome.is);
    const next = await afterExchange(claim, outcome, seal, began);
    // The token serves this container even if nobody else can be told of it.
    await record.write({ ...next, nonce: options.nonce() }, version).catch(() => undefined);
    if (outcome.is === "token") return heldFrom(outcome.token.value, next.token);
    if (living) return renewLater(living, now());
    if (outcome.is === "refused") throw refusedError(outcome.code);
    throw new Pause(new Date(now().getTime() + outcome.retryAfterMs), "token");
  };

  const afterExchange = async (
    claim: TokenRecord,
    outcome: ExchangeOutcome,
    seal: TokenSeal,
    began: Date,
  ): Promise<TokenRecord> => {
    if (outcome.is === "token") {
      const { value, expiresInMs } = outcome.token;
      const renewInMs = expiresInMs - Math.min(renewBeforeMs, expiresInMs * renewBeforeShare);
      const sealed = await seal.seal(value);
      // Counted from before the exchange, so that the token is never thought to live longer than it does.
      const token = { sealed, expiresAt: inMs(began, expiresInMs), renewAt: inMs(began, renewInMs) };
      return { ...claim, token, state: { is: "fresh" } };
    }
    const at = now();
    const final = outcome.is === "refused";
    const until = inMs(at, final ? refusedForMs : outcome.retryAfterMs);
    return { ...claim, state: { is: "refused", code: outcome.code, at: at.toISOString(), until, final } };
  };

  const acquire = async (): Promise<Held> => {
    const waitUntil = new Date(now().getTime() + longestWaitMs);
    for (let looks = 0; looks < longestRace; looks++) {
      const found = await look(waitUntil);
      if (found) return found;
    }
    throw new Pause(waitUntil, "token");
  };

  /** Whatever went wrong with getting another, a token that lives still serves. */
  const unlessHeld = (error: unknown): Held => {
    if (!held || now() >= held.expiresAt) throw error;
    return renewLater(held, now());
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

async function openToken(record: TokenRecord | undefined, seal: TokenSeal): Promise<Held | undefined> {
  const value = record?.token && (await seal.open(record.token.sealed));
  return value ? heldFrom(value, record.token) : undefined;
}

function heldFrom(value: string, token: TokenRecord["token"]): Held {
  return { value, expiresAt: new Date(token?.expiresAt ?? 0), renewAt: new Date(token?.renewAt ?? 0) };
}

/** A living token that serves on although it is due, never beyond its end. */
function renewLater(held: Held, now: Date): Held {
  return { ...held, renewAt: new Date(Math.min(now.getTime() + renewAgainMs, held.expiresAt.getTime())) };
}

function inMs(from: Date, ms: number): string {
  return new Date(from.getTime() + ms).toISOString();
}

/** A refusal of another credential says nothing of this one. */
function withoutRefusal(record: TokenRecord | undefined): TokenRecord | undefined {
  return record?.state.is === "refused" ? { ...record, state: { is: "fresh" } } : record;
}
