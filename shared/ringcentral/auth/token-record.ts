import * as z from "zod/mini";
import { Instant } from "../../core/fields.ts";
import { Code } from "../http/wire-code.ts";
import type { ExchangeOutcome } from "./token-exchange.ts";

const FailedExchange = z.object({ code: Code, at: Instant, until: Instant });

/** State of one scope: its last token, usable until it expires, and the last refusal of a new one. */
const ScopeRecord = z.object({
  token: z.optional(z.object({ sealed: z.string(), expiresAt: Instant, renewAt: Instant })),
  refusal: z.optional(FailedExchange),
});
export type ScopeRecord = z.infer<typeof ScopeRecord>;

/** The object that all functions share per app: its tokens, and the exchange in progress. */
export const TokenRecord = z.object({
  nonce: z.string(),
  /** Fingerprint of the credential that the record belongs to. */
  credential: z.string(),
  /** Starts of the last hour's exchanges, for any scope. */
  exchanges: z.array(Instant),
  /** Starts of the exchanges that failed since the last success. */
  failures: z.optional(z.array(Instant)),
  /** By requested scope (RFC 6749 §3.3). */
  scopes: z.record(z.string(), ScopeRecord),
  state: z.discriminatedUnion("type", [
    z.object({ type: z.literal("idle") }),
    z.object({ type: z.literal("exchanging"), since: Instant }),
    z.object({ type: z.literal("failed"), ...FailedExchange.shape }),
  ]),
});
export type TokenRecord = z.infer<typeof TokenRecord>;

const minuteMs = 60_000;
/** A token is renewed 10 min before it expires, or after five sixths of its life, whichever is later. */
const renewBeforeMs = 10 * minuteMs;
const renewBeforeShare = 1 / 6;
/** After RingCentral refuses a scope, no run requests a token of it for this time. */
const refusedForMs = 60 * minuteMs;
/** An exchange times out after 20 s. After 25 s its container must have been killed, so another may exchange. */
const exchangeLostMs = 25_000;
/**
 * Exchanges that one app may start. RingCentral allows five a minute. The limit per hour is ours: RingCentral may judge
 * frequent logins as abuse.
 */
const maxExchanges = [
  { count: 4, withinMs: minuteMs },
  { count: 6, withinMs: 60 * minuteMs },
] as const;
/**
 * Waits after the first, the second and every further failed exchange in a row. They keep an outage from using up the
 * hour's exchanges.
 */
const failedRetryMs = [10_000, 20 * minuteMs, 40 * minuteMs];
/** A manual run may request a refused scope again after this time. */
const manualRetryMs = minuteMs;
/** Instants further in the future than this come from a wrong clock and are ignored. */
const maxClockDifferenceMs = minuteMs;

/** What a function may do next to get a token. */
export type NextMove =
  | { readonly type: "exchange" }
  | { readonly type: "wait"; readonly until: Date }
  | { readonly type: "refused"; readonly code: string };

/**
 * Decides whether the JWT may be exchanged for a token of `scope` now. Per app, one exchange runs at a time, at most four a
 * minute and six an hour, with a wait after a failure. A refused scope waits an hour; in a manual run, a minute.
 */
export function nextMove(record: TokenRecord | undefined, scope: string, now: Date, isManual: boolean): NextMove {
  if (!record) return { type: "exchange" };
  const { state } = record;
  const refusal = inForce(record.scopes[scope]?.refusal, now);
  const refused = refusal && ({ type: "refused", code: refusal.code } as const);
  // A claim drops its own scope's refusal, so that a running exchange is for another scope and need not be awaited.
  if (refused && !(isManual && now >= later(refusal.at, manualRetryMs))) return refused;
  if (state.type === "exchanging" && hasHappened(state.since, now)) {
    const until = later(state.since, exchangeLostMs);
    if (now < until) return { type: "wait", until };
  }
  const recent = recentExchanges(record, now);
  const waits = maxExchanges.flatMap(({ count, withinMs }) => {
    const oldest = recent[recent.length - count];
    return oldest ? [later(oldest, withinMs)] : [];
  });
  // If the limit forbids a retry, the known refusal counts, so that the caller can fall back to fewer scopes.
  if (refused && waits.some((wait) => now < wait)) return refused;
  if (state.type === "failed" && hasHappened(state.at, now)) waits.push(endOf(state));
  const until = new Date(Math.max(now.getTime(), ...waits.map((wait) => wait.getTime())));
  return now < until ? { type: "wait", until } : { type: "exchange" };
}

function inForce(refusal: ScopeRecord["refusal"], now: Date): ScopeRecord["refusal"] {
  return refusal && hasHappened(refusal.at, now) && now < endOf(refusal) ? refusal : undefined;
}

/** Returns the starts of the exchanges in the hour before `now`, oldest first. */
function recentExchanges(record: TokenRecord | undefined, now: Date): string[] {
  return inLastHour(record?.exchanges, now);
}

function inLastHour(instants: readonly string[] = [], now: Date): string[] {
  return instants.filter((at) => hasHappened(at, now) && now < later(at, 60 * minuteMs)).sort();
}

/**
 * Returns the record without results of another credential. Its exchanges still count, because the limit is per app.
 */
export function withoutOtherCredential(record: TokenRecord | undefined): TokenRecord | undefined {
  if (!record) return undefined;
  const { state } = record;
  return { ...record, scopes: {}, state: state.type === "failed" ? { type: "idle" } : state };
}

/** Returns the record with an exchange for `scope` in progress since `began`. `kept` is a token that is still valid. */
export function withClaim(
  record: TokenRecord | undefined,
  claim: {
    readonly nonce: string;
    readonly credential: string;
    readonly scope: string;
    readonly began: Date;
    readonly kept: ScopeRecord["token"];
  },
): TokenRecord {
  const { nonce, credential, scope, kept } = claim;
  const began = claim.began.toISOString();
  const exchanges = [...recentExchanges(record, claim.began), began];
  const failures = inLastHour(record?.failures, claim.began);
  const known = record?.credential === credential ? record.scopes : {};
  return {
    nonce,
    credential,
    exchanges,
    ...(failures.length > 0 && { failures }),
    scopes: { ...usableScopes(known, claim.began), [scope]: { token: kept } },
    state: { type: "exchanging", since: began },
  };
}

/** Returns the scopes with a valid token or a refusal in force; others are dropped. */
function usableScopes(scopes: TokenRecord["scopes"], now: Date): TokenRecord["scopes"] {
  const isUsable = ({ token, refusal }: ScopeRecord) =>
    (token && now < new Date(token.expiresAt)) || inForce(refusal, now);
  return Object.fromEntries(Object.entries(scopes).filter(([, each]) => isUsable(each)));
}

/**
 * Returns the record after an exchange. `sealed` is its token, whose life counts from before the exchange, so that it
 * never ends too late.
 */
export function withOutcome(
  claim: TokenRecord,
  outcome: ExchangeOutcome,
  exchange: {
    readonly nonce: string;
    readonly scope: string;
    readonly began: Date;
    readonly ended: Date;
    readonly sealed: string | undefined;
  },
): TokenRecord {
  const { nonce, scope, began, ended, sealed } = exchange;
  const scopesWith = (known: ScopeRecord) => ({ ...claim.scopes, [scope]: known });
  if (outcome.type === "token" && sealed) {
    const { expiresInMs } = outcome.token;
    const renewInMs = expiresInMs - Math.min(renewBeforeMs, expiresInMs * renewBeforeShare);
    const token = { sealed, expiresAt: at(began, expiresInMs), renewAt: at(began, renewInMs) };
    const { failures, ...good } = claim;
    return { ...good, nonce, scopes: scopesWith({ token }), state: { type: "idle" } };
  }
  const code = outcome.type === "token" ? "" : outcome.code;
  const endedFor = (ms: number) => ({ code, at: ended.toISOString(), until: at(ended, ms) });
  if (outcome.type !== "failed") {
    const refusal = endedFor(refusedForMs);
    return { ...claim, nonce, scopes: scopesWith({ ...claim.scopes[scope], refusal }), state: { type: "idle" } };
  }
  const failures = [...(claim.failures ?? []), began.toISOString()];
  const spacing = failedRetryMs[Math.min(failures.length, failedRetryMs.length) - 1] ?? 0;
  return { ...claim, nonce, failures, state: { type: "failed", ...endedFor(Math.max(outcome.retryAfterMs, spacing)) } };
}

function at(from: Date, ms: number): string {
  return new Date(from.getTime() + ms).toISOString();
}

function later(instant: string, ms: number): Date {
  return new Date(Date.parse(instant) + ms);
}

/** Returns the end of a refusal or failure: at most an hour after it, whatever the record says. */
function endOf({ at, until }: z.infer<typeof FailedExchange>): Date {
  return new Date(Math.min(Date.parse(until), Date.parse(at) + refusedForMs));
}

function hasHappened(at: string, now: Date): boolean {
  return Date.parse(at) <= now.getTime() + maxClockDifferenceMs;
}
