import { describe, expect, test } from "vitest";
import { nextMove, TokenRecord, withClaim, withOutcome } from "../../../shared/ringcentral/auth/token-record.ts";
import { at, recordOf, defaultScope as scope, start } from "../../support/ringcentral/broker-harness.ts";

const now = new Date(start);
const knowing = (known: object) => ({ scopes: { [scope]: known } });
const farAway = "9999-12-31T23:59:59.000Z";
const refusal = { code: "OAU-213", at: at(-60), until: at(3_540) };
const failed = { type: "failed", ...refusal } as const;

test("a record that this code wrote is read back", async () => {
  const token = { value: "T0", expiresIn: 300, renewIn: -300 };
  const record = await recordOf({ state: failed, refusal, token, exchanges: [at(-60)] });

  expect(TokenRecord.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
});

test.each([
  ["an exchange began at no time", { exchanges: ["yesterday"] }],
  ["a refusal's code holds something else", knowing({ refusal: { ...refusal, code: "+16505550100 is locked" } })],
  ["a refusal ends at no time", knowing({ refusal: { ...refusal, until: "later" } })],
  ["a failure's code holds something else", { state: { ...failed, code: "+16505550100 is locked" } }],
  ["a failure ends at no time", { state: { ...failed, until: "later" } }],
  ["a token expires at no time", knowing({ token: { sealed: "x", expiresAt: "", renewAt: at(0) } })],
  ["a state has another name", { state: { type: "fresh" } }],
  ["nothing is said of scopes", { scopes: undefined }],
])("a record in which %s is invalid and is replaced", async (_what, invalid) => {
  expect(TokenRecord.safeParse({ ...(await recordOf({})), ...invalid }).success).toBe(false);
});

describe("an entry dated in the far future delays no exchange:", () => {
  test.each([
    ["an exchange", { state: { type: "exchanging", since: farAway } }],
    ["four exchanges", { exchanges: Array(4).fill(farAway) }],
    ["a refusal", { refusal: { ...refusal, at: farAway, until: farAway } }],
    ["a failure", { state: { ...failed, at: farAway, until: farAway } }],
  ] as const)("%s", async (_what, plan) => {
    expect(nextMove(await recordOf(plan), scope, now, false)).toEqual({ type: "exchange" });
  });
});

test.each([
  ["refusal", "refused", { refusal: { ...refusal, until: farAway } }],
  ["failure", "wait", { state: { ...failed, until: farAway } }],
] as const)("a %s without an end lasts an hour", async (_what, move, plan) => {
  const record = await recordOf(plan);

  const moves = [3_539, 3_541].map((seconds) => nextMove(record, scope, new Date(start + seconds * 1000), false).type);

  expect(moves).toEqual([move, "exchange"]);
});

describe("an exchange", () => {
  const moveAfter = async (plan: Parameters<typeof recordOf>[0], seconds: number, isManual = false) =>
    nextMove(await recordOf(plan), scope, new Date(start + seconds * 1000), isManual).type;
  /** Expects what is allowed before an instant, in seconds, and at it. */
  const around = async (plan: Parameters<typeof recordOf>[0], seconds: number, isManual = false) => [
    await moveAfter(plan, seconds - 0.001, isManual),
    await moveAfter(plan, seconds, isManual),
  ];
  const exchangesAt = (...seconds: readonly number[]) => ({ exchanges: seconds.map((each) => at(each)) });

  test("may begin again a minute after the first of four, and an hour after the first of six", async () => {
    expect(await moveAfter(exchangesAt(0, 1, 2), 3)).toBe("exchange");
    expect(await around(exchangesAt(0, 1, 2, 3), 60)).toEqual(["wait", "exchange"]);
    expect(await moveAfter(exchangesAt(0, 600, 1_200, 1_800, 2_400), 3_000)).toBe("exchange");
    expect(await around(exchangesAt(0, 600, 1_200, 1_800, 2_400, 3_000), 3_600)).toEqual(["wait", "exchange"]);
  });

  test("is delayed until both limits allow it", async () => {
    const late = await recordOf(exchangesAt(0, 1, 3_590, 3_591, 3_592, 3_593));
    const early = await recordOf(exchangesAt(0, 1_000, 2_000, 2_010, 2_020, 2_030));

    expect(nextMove(late, scope, new Date(start + 3_594_000), false)).toEqual({
      type: "wait",
      until: new Date(at(3_650)),
    });
    expect(nextMove(early, scope, new Date(start + 2_031_000), false)).toEqual({
      type: "wait",
      until: new Date(at(3_600)),
    });
  });

  test("that never ended is abandoned after 25 seconds", async () => {
    expect(await around({ state: { type: "exchanging", since: at(0) } }, 25)).toEqual(["wait", "exchange"]);
  });

  test("that was refused is not repeated for an hour, except by an operator after a minute", async () => {
    const plan = { refusal: { code: "OAU-213", at: at(0), until: at(3_600) } };

    expect(await around(plan, 3_600)).toEqual(["refused", "exchange"]);
    expect(await around(plan, 60, true)).toEqual(["refused", "exchange"]);
  });

  test("that an operator requests soon after a refusal is awaited by all", async () => {
    const before = await recordOf({ refusal: { code: "OAU-213", at: at(-120), until: at(3_480) } });
    const { credential } = before;

    const claim = withClaim(before, { nonce: "n", credential, scope, began: now, kept: undefined });

    expect(nextMove(claim, scope, new Date(at(1)), false)).toEqual({ type: "wait", until: new Date(at(25)) });
  });

  test("that failed delays an operator, too", async () => {
    const state = { type: "failed", code: "", at: at(0), until: at(600) } as const;

    expect(await around({ state }, 600, true)).toEqual(["wait", "exchange"]);
  });

  test("that failed as the fourth of a minute is delayed until the limit allows it, if that is later", async () => {
    const state = { type: "failed", code: "", at: at(3), until: at(13) } as const;

    expect(await around({ ...exchangesAt(0, 1, 2, 3), state }, 60)).toEqual(["wait", "exchange"]);
  });

  test("that is dated a minute ahead is believed, because a clock may be wrong, and one dated later is not", async () => {
    const since = (seconds: number) => ({ state: { type: "exchanging", since: at(seconds) } as const });

    expect([await moveAfter(since(60), 0), await moveAfter(since(60.001), 0)]).toEqual(["wait", "exchange"]);
  });
});

describe("the record of an exchange", () => {
  const by = { nonce: "n", scope, began: now, ended: now, sealed: "sealed" };
  const issued = (minutes: number) =>
    ({ type: "token", token: { value: "t", expiresInMs: minutes * 60_000 } }) as const;
  const claimAfter = async (...seconds: readonly number[]) =>
    withClaim(await recordOf({ exchanges: seconds.map((each) => at(each)) }), {
      ...{ nonce: "n", credential: "c", scope, began: now, kept: undefined },
    });

  test.each([
    ["ten minutes before it expires", 120, 110],
    ["after five sixths of its life, where it is short", 30, 25],
    ["likewise, where ten minutes are just a sixth", 60, 50],
  ])("says that its token is renewed %s", async (_rule, lives, renewedAfter) => {
    const { scopes } = withOutcome(await claimAfter(), issued(lives), by);

    expect(scopes[scope]?.token).toEqual({
      sealed: "sealed",
      expiresAt: at(lives * 60),
      renewAt: at(renewedAfter * 60),
    });
  });

  test.each([
    ["10 seconds", "is the first", [], 10],
    ["20 minutes", "follows one that failed", [[-1, "failed"]], 1_200],
    [
      "40 minutes",
      "follows two",
      [
        [-2, "failed"],
        [-1, "failed"],
      ],
      2_400,
    ],
    [
      "40 minutes",
      "follows three",
      [
        [-3, "failed"],
        [-2, "failed"],
        [-1, "failed"],
      ],
      2_400,
    ],
    ["10 seconds", "follows one of more than an hour ago", [[-3_601, "failed"]], 10],
    [
      "10 seconds",
      "follows two good ones",
      [
        [-2, "good"],
        [-1, "good"],
      ],
      10,
    ],
    [
      "10 seconds",
      "follows a good one after two",
      [
        [-3, "failed"],
        [-2, "failed"],
        [-1, "good"],
      ],
      10,
    ],
    [
      "20 minutes",
      "follows one since the last good one",
      [
        [-3, "failed"],
        [-2, "good"],
        [-1, "failed"],
      ],
      1_200,
    ],
    ["10 seconds", "follows one that was refused", [[-1, "refused"]], 10],
  ] as const)("that failed waits %s if it %s", (_wait, _rule, before, seconds) => {
    const outcomes = {
      failed: { type: "failed", code: "", retryAfterMs: 0 },
      refused: { type: "refused", code: "OAU-213" },
      good: issued(60),
    } as const;
    const exchanged = (record: TokenRecord | undefined, second: number, outcome: keyof typeof outcomes) => {
      const [began, ended] = [new Date(at(second)), new Date(at(second))];
      const claim = withClaim(record, { nonce: "n", credential: "c", scope, began, kept: undefined });
      return withOutcome(claim, outcomes[outcome], { ...by, began, ended });
    };
    let earlier: TokenRecord | undefined;
    for (const [second, outcome] of before) earlier = exchanged(earlier, second, outcome);

    const { state } = exchanged(earlier, 0, "failed");

    expect(state).toMatchObject({ type: "failed", until: at(seconds) });
  });

  test("that failed waits as long as the server requests, if that is longer", async () => {
    const outcome = { type: "failed", code: "", retryAfterMs: 11_000 } as const;

    expect(withOutcome(await claimAfter(), outcome, by).state).toMatchObject({ until: at(11) });
  });

  test("that was refused holds for an hour", async () => {
    const { scopes, state } = withOutcome(await claimAfter(), { type: "refused", code: "OAU-213" }, by);

    expect(scopes).toEqual({ [scope]: { refusal: { code: "OAU-213", at: at(0), until: at(3_600) } } });
    expect(state).toEqual({ type: "idle" });
  });

  test("keeps the exchanges of an hour", async () => {
    expect((await claimAfter(-3_601, -3_600, -3_599, -5)).exchanges).toEqual([at(-3_599), at(-5), at(0)]);
  });
});
