import * as z from "zod/mini";
import { Code } from "../http/wire-code.ts";
import type { ExchangeOutcome } from "./token-exchange.ts";

const Instant = z.iso.datetime();

const Ended = z.object({ code: Code, at: Instant, until: Instant });

/** What is known of one scope: its last token, which serves while it lives, and how RingCentral refused to give another. */
const ScopeRecord = z.object({
  token: z.optional(z.object({ sealed: z.string(), expiresAt: Instant, renewAt: Instant })),
  refusal: z.optional(Ended),
});
export type ScopeRecord = z.infer<typeof ScopeRecord>;

/** The one object that all Lambdas share per app: which tokens there are, and who is getting another. */
export const TokenRecord = z.object({
  nonce: z.string(),
  /** Fingerprint of the credential that everything here is about. */
  credential: z.string(),
  /** When the exchanges of the last hour began, for whatever scope. */
  exchanges: z.array(Instant),
  /** Those of them that failed since the last good one. */
  failures: z.optional(z.array(Instant)),
  /** By the scope that a token is asked for (RFC 6749 §3.3). */
  scopes: z.record(z.string(), ScopeRecord),
  state: z.discriminatedUnion("type", [
    z.object({ type: z.literal("idle") }),
    z.object({ type: z.literal("exchanging"), since: Instant }),
    z.object({ type: z.literal("failed"), ...Ended.shape }),
  ]),
});
export type TokenRecord = z.infer<typeof TokenRecord>;

const minuteMs = 60_000;
/** A token is renewed this long before it expires, or after five sixths of its life where it is short. */
const renewBeforeMs = 10 * minuteMs;
const renewBeforeShare = 1 / 6;
const refusedForMs = 60 * minuteMs;
/** An exchange is given up after 20 s; one that looks older belongs to somebody who was killed. */
const exchangeLostMs = 25_000;
/** RingCentral allows five logins a minute and app; of an app that logs in again and again it may think worse. */
const maxExchanges = [
  { count: 4, withinMs: minuteMs },
  { count: 6, withinMs: 60 * minuteMs },
] as const;
/** After the first, second, … exchange of an hour in a row that failed: so that an hour's exchanges are not spent on a short outage. */
const failedRetryMs = [10_000, 20 * minuteMs, 40 * minuteMs];
const manualRetryMs = minuteMs;
/** What is said to have happened further ahead than clocks differ has not happened: nobody waits for it. */
const clocksDifferMs = minuteMs;

/** What may be done next about the token, given what is stored. */
export type NextMove =
  | { readonly type: "exchange" }
  | { readonly type: "wait"; readonly until: Date }
  | { readonly type: "refused"; readonly code: string };

/**
 * Who may exchange the JWT for a token of `scope` now: one at a time per app, at most four a minute and six an hour, nobody
 * soon after one that failed; and for a scope that was refused nobody for an hour, unless a person asks (then once a minute).
 */
export function nextMove(record: TokenRecord | undefined, scope: string, now: Date, personAsks: boolean): NextMove {
  if (!record) return { type: "exchange" };
  const { state } = record;
  const refusal = inForce(record.scopes[scope]?.refusal, now);
  const refused = refusal && ({ type: "refused", code: refusal.code } as const);
  // A claim drops its own scope's refusal: an exchange under way is another scope's, and nothing to wait for.
  if (refused && !(personAsks && now >= later(refusal.at, manualRetryMs))) return refused;
  if (state.type === "exchanging" && hasHappened(state.since, now)) {
    const until = later(state.since, exchangeLostMs);
    if (now < until) return { type: "wait", until };
  }
  const recent = recentExchanges(record, now);
  const waits = maxExchanges.flatMap(({ count, withinMs }) => {
    const oldest = recent[recent.length - count];
    return oldest ? [later(oldest, withinMs)] : [];
  });
  // Whom the limit forbids to ask again goes by the answer that he has: a token of less may serve.
  if (refused && waits.some((wait) => now < wait)) return refused;
  if (state.type === "failed" && hasHappened(state.at, now)) waits.push(endOf(state));
  const until = new Date(Math.max(now.getTime(), ...waits.map((wait) => wait.getTime())));
  return now < until ? { type: "wait", until } : { type: "exchange" };
}

function inForce(refusal: ScopeRecord["refusal"], now: Date): ScopeRecord["refusal"] {
  return refusal && hasHappened(refusal.at, now) && now < endOf(refusal) ? refusal : undefined;
}

/** When the exchanges of the hour before `now` began, oldest first. */
export function recentExchanges(record: TokenRecord | undefined, now: Date): string[] {
  return inLastHour(record?.exchanges, now);
}

function inLastHour(instants: readonly string[] = [], now: Date): string[] {
  return instants.filter((at) => hasHappened(at, now) && now < later(at, 60 * minuteMs)).sort();
}

/** How another credential's exchanges ended says nothing of this one; they still count, for they are limited per app. */
export function ofAnotherCredential(record: TokenRecord | undefined): TokenRecord | undefined {
  if (!record) return undefined;
  const { state } = record;
  return { ...record, scopes: {}, state: state.type === "failed" ? { type: "idle" } : state };
}

/** The record while an exchange for `scope` is under way that began at `began`; `kept` is a token that still lives. */
export function claimed(
  before: TokenRecord | undefined,
  by: {
    readonly nonce: string;
    readonly credential: string;
    readonly scope: string;
    readonly began: Date;
    readonly kept: ScopeRecord["token"];
  },
): TokenRecord {
  const { nonce, credential, scope, kept } = by;
  const began = by.began.toISOString();
  const exchanges = [...recentExchanges(before, by.began), began];
  const failures = inLastHour(before?.failures, by.began);
  const known = before?.credential === credential ? before.scopes : {};
  return {
    ...{ nonce, credential, exchanges },
    ...(failures.length > 0 && { failures }),
    scopes: { ...stillOfUse(known, by.began), [scope]: { token: kept } },
    state: { type: "exchanging", since: began },
  };
}

/** The scopes that a token still lives or a refusal still holds for; whatever else jobs once asked for is forgotten. */
function stillOfUse(scopes: TokenRecord["scopes"], now: Date): TokenRecord["scopes"] {
  const isOfUse = ({ token, refusal }: ScopeRecord) =>
    (token && now < new Date(token.expiresAt)) || inForce(refusal, now);
  return Object.fromEntries(Object.entries(scopes).filter(([, each]) => isOfUse(each)));
}

/** The record after that exchange; `sealed` is the token it gave, counted from before the exchange so as never to outlive itself. */
export function concluded(
  claim: TokenRecord,
  outcome: ExchangeOutcome,
  by: {
    readonly nonce: string;
    readonly scope: string;
    readonly began: Date;
    readonly ended: Date;
    readonly sealed: string | undefined;
  },
): TokenRecord {
  const { nonce, scope, began, ended, sealed } = by;
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

/** Neither a refusal nor a failure holds longer than an hour, whatever is written. */
function endOf({ at, until }: z.infer<typeof Ended>): Date {
  return new Date(Math.min(Date.parse(until), Date.parse(at) + refusedForMs));
}

function hasHappened(at: string, now: Date): boolean {
  return Date.parse(at) <= now.getTime() + clocksDifferMs;
}
