import { describe, expect, test } from "vitest";
import type { ExchangeOutcome } from "../../../shared/ringcentral/auth/token-exchange.ts";
import {
  nextMove,
  type ScopeRecord,
  type TokenRecord,
  withClaim,
  withOutcome,
  withoutOtherCredential,
} from "../../../shared/ringcentral/auth/token-record.ts";
import { at } from "../../support/ringcentral/broker-harness.ts";

const [calls, analytics, messages] = ["ReadCallLog", "Analytics", "ReadMessages"];
const issued = { type: "token", token: { value: "t", expiresInMs: 3_600_000 } } as const;
const refused = { type: "refused", code: "invalid_scope" } as const;
const failed = { type: "failed", code: "HTTP_503", retryAfterMs: 0 } as const;

function claimAt(second: number, scope: string, before?: TokenRecord, credential = "c"): TokenRecord {
  return withClaim(before, { nonce: "n", credential, scope, began: new Date(at(second)), kept: undefined });
}

/** Returns the record after an exchange of 0 s. */
function exchangedAt(second: number, scope: string, outcome: ExchangeOutcome, before?: TokenRecord): TokenRecord {
  const [began, ended] = [new Date(at(second)), new Date(at(second))];
  return withOutcome(claimAt(second, scope, before), outcome, { nonce: "n", scope, began, ended, sealed: "sealed" });
}

function moveAt(second: number, scope: string, record: TokenRecord, isManual = false) {
  return nextMove(record, scope, new Date(at(second)), isManual);
}

describe("exchanges for any scopes", () => {
  test.each([
    ["four a minute", [0, 1, 2, 3], 60],
    ["six an hour", [0, 600, 1_200, 1_800, 2_400, 3_000], 3_600],
  ])("count together: %s", (_limit, seconds, until) => {
    let record: TokenRecord | undefined;
    for (const [n, second] of seconds.entries()) {
      record = exchangedAt(second, n % 2 === 0 ? calls : analytics, issued, record);
    }
    if (!record) throw new Error("nothing was exchanged");

    const moves = [calls, analytics, messages].map((scope) => moveAt(until - 1, scope, record));

    expect(moves).toEqual(Array(3).fill({ type: "wait", until: new Date(at(until)) }));
    expect(moveAt(until, messages, record)).toEqual({ type: "exchange" });
  });

  test("that fail in a row wait longer and longer, until one for any scope succeeds", () => {
    const first = exchangedAt(0, calls, failed);
    const second = exchangedAt(10, analytics, failed, first);
    const good = exchangedAt(1_210, messages, issued, second);
    const next = exchangedAt(1_211, calls, failed, good);

    const waits = [first, second, good, next].map(({ state }) => (state.type === "failed" ? state.until : state.type));
    expect(waits).toEqual([at(10), at(1_210), "idle", at(1_221)]);
  });
});

describe("for another scope", () => {
  test.each([false, true])("a running exchange is awaited (manual run: %s)", (isManual) => {
    const record = claimAt(0, analytics);

    expect(moveAt(24, calls, record, isManual)).toEqual({ type: "wait", until: new Date(at(25)) });
    expect(moveAt(25, calls, record, isManual)).toEqual({ type: "exchange" });
  });

  test.each([false, true])("a failure is awaited (manual run: %s)", (isManual) => {
    const record = exchangedAt(0, analytics, failed);

    expect(moveAt(9, calls, record, isManual)).toEqual({ type: "wait", until: new Date(at(10)) });
    expect(moveAt(10, calls, record, isManual)).toEqual({ type: "exchange" });
  });

  test("a refusal does not affect this one", () => {
    const record = exchangedAt(0, analytics, refused);

    expect(moveAt(1, calls, record)).toEqual({ type: "exchange" });
    expect(moveAt(1, analytics, record)).toEqual({ type: "refused", code: "invalid_scope" });
  });

  test("neither a running exchange nor a failure delays the report of a refusal", () => {
    const record = exchangedAt(0, analytics, refused);

    const moves = [claimAt(1, calls, record), exchangedAt(1, calls, failed, record)].map((each) =>
      moveAt(2, analytics, each),
    );

    expect(moves).toEqual(Array(2).fill({ type: "refused", code: "invalid_scope" }));
  });
});

describe("the state of other scopes", () => {
  const known = {
    "lives and holds": { token: tokenUntil(1), refusal: refusalUntil(1) },
    lives: { token: tokenUntil(1), refusal: refusalUntil(0) },
    holds: { token: tokenUntil(0), refusal: refusalUntil(1) },
    "has expired": { token: tokenUntil(0) },
    "holds no more": { refusal: refusalUntil(0) },
    "held an hour at most": { refusal: { ...refusalUntil(99), at: at(-3_600) } },
    "has not happened": { refusal: { ...refusalUntil(7_200), at: at(3_600) } },
    "is nothing": {},
  } satisfies Record<string, ScopeRecord>;
  const before: TokenRecord = { ...claimAt(-60, calls), scopes: known, state: { type: "idle" } };

  test("is kept by a claim if a token is valid or a refusal holds, and dropped otherwise", () => {
    const { scopes } = claimAt(0, calls, before);

    const { lives, holds } = known;
    expect(scopes).toEqual({ "lives and holds": known["lives and holds"], lives, holds, [calls]: {} });
  });

  test("is dropped by a claim with another credential, but the times of exchanges are kept", () => {
    const claim = claimAt(0, calls, before, "another");

    expect([claim.scopes, claim.exchanges]).toEqual([{ [calls]: {} }, [at(-60), at(0)]]);
  });

  test.each([issued, refused, failed])("is unchanged by an exchange that ended as $is", (outcome) => {
    const { lives, holds } = exchangedAt(0, calls, outcome, before).scopes;

    expect({ lives, holds }).toEqual({ lives: known.lives, holds: known.holds });
  });
});

test("of another credential's record, only a running exchange and the times of exchanges are kept", () => {
  const under = claimAt(1, calls, exchangedAt(0, analytics, refused));
  const over = exchangedAt(1, calls, failed);

  expect(withoutOtherCredential(under)).toEqual({ ...under, scopes: {} });
  expect(withoutOtherCredential(over)).toEqual({ ...over, scopes: {}, state: { type: "idle" } });
});

function tokenUntil(second: number) {
  return { sealed: "sealed", expiresAt: at(second), renewAt: at(second) };
}

function refusalUntil(second: number) {
  return { code: "invalid_scope", at: at(-600), until: at(second) };
}

test("an operator whom the limit of exchanges delays gets the refusal, not a wait, because a narrower token may be granted", () => {
  let record = exchangedAt(0, calls, refused);
  for (const second of [100, 200, 300, 400, 500]) record = exchangedAt(second, analytics, issued, record);

  expect(moveAt(600, calls, record, true)).toEqual({ type: "refused", code: "invalid_scope" });
  expect(moveAt(600, messages, record, true)).toEqual({ type: "wait", until: new Date(at(3_600)) });
});
