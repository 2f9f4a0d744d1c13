import * as z from "zod/mini";
import type { ExchangeOutcome } from "./token-exchange.ts";
import { Code } from "./wire-code.ts";

const Instant = z.iso.datetime();

/** The one object that all Lambdas share per app: which token there is, and who is getting another. */
export const TokenRecord = z.object({
  nonce: z.string(),
  /** Fingerprint of the credential that everything here is about. */
  credential: z.string(),
  /** When the exchanges of the last hour began. */
  exchanges: z.array(Instant),
  /** Those of them that failed since the last good one. */
  failures: z.optional(z.array(Instant)),
  /** The last token, sealed; it serves in every state while it lives. */
  token: z.optional(z.object({ sealed: z.string(), expiresAt: Instant, renewAt: Instant })),
  state: z.discriminatedUnion("is", [
    z.object({ is: z.literal("fresh") }),
    z.object({ is: z.literal("exchanging"), since: Instant }),
    z.object({ is: z.literal("refused"), code: Code, at: Instant, until: Instant, final: z.boolean() }),
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
const askAgainMs = minuteMs;
/** What is said to have happened further ahead than clocks differ has not happened: nobody waits for it. */
const clocksDifferMs = minuteMs;

/** What may be done next about the token, given what is stored. */
export type NextMove =
  | { readonly is: "exchange" }
  | { readonly is: "wait"; readonly until: Date }
  | { readonly is: "refused"; readonly code: string };

/**
 * Who may exchange the JWT now: one at a time per app, at most four a minute and six an hour, and after a refusal nobody
 * for an hour, unless a person asks (then once a minute).
 */
export function nextMove(record: TokenRecord | undefined, now: Date, personAsks: boolean): NextMove {
  if (!record) return { is: "exchange" };
  const { state } = record;
  if (state.is === "exchanging" && hasHappened(state.since, now)) {
    const until = later(state.since, exchangeLostMs);
    if (now < until) return { is: "wait", until };
  }
  if (state.is === "refused" && hasHappened(state.at, now)) {
    const until = personAsks && state.final ? later(state.at, askAgainMs) : refusalEnd(state);
    if (now < until) return state.final ? { is: "refused", code: state.code } : { is: "wait", until };
  }
  const recent = recentExchanges(record, now);
  const waits = maxExchanges.flatMap(({ count, withinMs }) => {
    const oldest = recent[recent.length - count];
    return oldest && now < later(oldest, withinMs) ? [later(oldest, withinMs).getTime()] : [];
  });
  return waits.length > 0 ? { is: "wait", until: new Date(Math.max(...waits)) } : { is: "exchange" };
}

/** When the exchanges of the hour before `now` began, oldest first. */
export function recentExchanges(record: TokenRecord | undefined, now: Date): string[] {
  return inLastHour(record?.exchanges, now);
}

function inLastHour(instants: readonly string[] = [], now: Date): string[] {
  return instants.filter((at) => hasHappened(at, now) && now < later(at, 60 * minuteMs)).sort();
}

/** A refusal of another credential says nothing of this one; its exchanges still count, for they are limited per app. */
export function withoutRefusal(record: TokenRecord | undefined): TokenRecord | undefined {
  return record?.state.is === "refused" ? { ...record, state: { is: "fresh" } } : record;
}

/** The record while an exchange is under way that began at `began`; `kept` is a token that still lives. */
export function claimed(
  before: TokenRecord | undefined,
  by: {
    readonly nonce: string;
    readonly credential: string;
    readonly began: Date;
    readonly kept: TokenRecord["token"];
  },
): TokenRecord {
  const { nonce, credential, kept } = by;
  const began = by.began.toISOString();
  const exchanges = [...recentExchanges(before, by.began), began];
  const failures = inLastHour(before?.failures, by.began);
  return {
    ...{ nonce, credential, exchanges },
    ...(failures.length > 0 && { failures }),
    ...(kept && { token: kept }),
    state: { is: "exchanging", since: began },
  };
}

/** The record after that exchange; `sealed` is the token it gave, counted from before the exchange so as never to outlive itself. */
export function concluded(
  claim: TokenRecord,
  outcome: ExchangeOutcome,
  by: { readonly nonce: string; readonly began: Date; readonly ended: Date; readonly sealed: string | undefined },
): TokenRecord {
  const { nonce, began, ended, sealed } = by;
  if (outcome.is === "token" && sealed) {
    const { expiresInMs } = outcome.token;
    const renewInMs = expiresInMs - Math.min(renewBeforeMs, expiresInMs * renewBeforeShare);
    const token = { sealed, expiresAt: at(began, expiresInMs), renewAt: at(began, renewInMs) };
    const { failures, ...good } = claim;
    return { ...good, nonce, token, state: { is: "fresh" } };
  }
  const code = outcome.is === "token" ? "" : outcome.code;
  const final = outcome.is === "refused";
  const state = { is: "refused", code, at: ended.toISOString(), final } as const;
  if (outcome.is !== "failed") return { ...claim, nonce, state: { ...state, until: at(ended, refusedForMs) } };
  const failures = [...(claim.failures ?? []), began.toISOString()];
  const spacing = failedRetryMs[Math.min(failures.length, failedRetryMs.length) - 1] ?? 0;
  return { ...claim, nonce, failures, state: { ...state, until: at(ended, Math.max(outcome.retryAfterMs, spacing)) } };
}

function at(from: Date, ms: number): string {
  return new Date(from.getTime() + ms).toISOString();
}

function later(instant: string, ms: number): Date {
  return new Date(Date.parse(instant) + ms);
}

/** No refusal holds longer than an hour, whatever is written. */
function refusalEnd({ at, until }: { readonly at: string; readonly until: string }): Date {
  return new Date(Math.min(Date.parse(until), Date.parse(at) + refusedForMs));
}

function hasHappened(at: string, now: Date): boolean {
  return Date.parse(at) <= now.getTime() + clocksDifferMs;
}
