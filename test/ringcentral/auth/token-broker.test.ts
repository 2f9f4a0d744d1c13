import { describe, expect, test } from "vitest";
import type { TokenBroker } from "../../../shared/ringcentral/auth/token-broker.ts";
import {
  at,
  type BrokerHarness,
  defaultScope,
  openBrokerHarness,
  outcomeOf,
  type RecordPlan,
  recordOf,
} from "../../support/ringcentral/broker-harness.ts";
import { credentialOf } from "../../support/ringcentral/credentials.ts";

const living = { value: "T0", expiresIn: 2_400, renewIn: 1_800 };
const due = { value: "T0", expiresIn: 300, renewIn: -300 };
const exchangingSince = (seconds: number) => ({ type: "exchanging", since: at(seconds) }) as const;
const endedFor = (code: string, from: number, until: number) => ({ code, at: at(from), until: at(until) });
const another = credentialOf("of another container");
const fourThisMinute = [at(-50), at(-40), at(-30), at(-20)];

type Actor = "schedule" | "operator" | "holder of the rejected token" | "holder of a living token";
type Row = readonly [state: string, plan: RecordPlan | undefined, expected: Readonly<Record<Actor, string>>];

/** What each actor gets: T0 is in the record, HELD in the actor's memory, T1 was exchanged. */
const gets = (schedule: string, others: Partial<Record<Actor, string>> = {}): Record<Actor, string> => ({
  schedule,
  operator: schedule,
  "holder of the rejected token": schedule,
  "holder of a living token": schedule,
  ...others,
});
const holderKeeps = { "holder of a living token": "HELD" };

const table: readonly Row[] = [
  ["there is no record", undefined, gets("T1")],
  ["a token is fresh", { token: living }, gets("T0", { "holder of the rejected token": "T1" })],
  ["a token lives but is due for renewal", { token: due }, gets("T1")],
  ["the token has expired", { token: { value: "T0", expiresIn: -1, renewIn: -600 } }, gets("T1")],
  ["another exchanges", { state: exchangingSince(-10) }, gets("pauses until +15 s", holderKeeps)],
  [
    "another exchanges and the old token lives",
    { state: exchangingSince(-10), token: due },
    gets("T0", { "holder of the rejected token": "pauses until +15 s" }),
  ],
  ["whoever exchanged has been silent for 26 s", { state: exchangingSince(-26) }, gets("T1")],
  [
    "the credential was refused half an hour ago",
    { refusal: endedFor("OAU-213", -1_800, 1_800) },
    gets("CREDENTIAL_REFUSED OAU-213", { operator: "T1", ...holderKeeps }),
  ],
  [
    "the credential was refused half a minute ago",
    { refusal: endedFor("OAU-213", -30, 3_570) },
    gets("CREDENTIAL_REFUSED OAU-213", holderKeeps),
  ],
  ["the credential was refused an hour ago", { refusal: endedFor("OAU-213", -3_600, 0) }, gets("T1")],
  [
    "renewal was refused and the old token lives",
    { refusal: endedFor("OAU-213", -30, 3_570), token: due },
    gets("T0", { "holder of the rejected token": "CREDENTIAL_REFUSED OAU-213" }),
  ],
  [
    "an exchange has failed and may be repeated in 20 s",
    { state: { type: "failed", ...endedFor("HTTP_503", -10, 20) } },
    gets("pauses until +20 s", holderKeeps),
  ],
  [
    "an exchange has failed and its time is over",
    { state: { type: "failed", ...endedFor("HTTP_503", -40, -1) } },
    gets("T1"),
  ],
  [
    "the credential was refused half an hour ago and another scope is exchanged",
    { refusal: endedFor("OAU-213", -1_800, 1_800), state: exchangingSince(-10) },
    gets("CREDENTIAL_REFUSED OAU-213", { operator: "pauses until +15 s", ...holderKeeps }),
  ],
  [
    "the credential was refused half an hour ago and another scope's exchange has failed",
    {
      refusal: endedFor("OAU-213", -1_800, 1_800),
      state: { type: "failed", ...endedFor("HTTP_503", -10, 20) },
    },
    gets("CREDENTIAL_REFUSED OAU-213", { operator: "pauses until +20 s", ...holderKeeps }),
  ],
  ["a token of another scope is fresh", { scope: "Analytics", token: living }, gets("T1")],
  [
    "another scope was refused just now",
    { scope: "Analytics", refusal: endedFor("invalid_scope", -1, 3_599) },
    gets("T1"),
  ],
  ["the record is another credential's and fresh", { by: another, token: living }, gets("T1")],
  ["another credential was refused just now", { by: another, refusal: endedFor("OAU-213", -1, 3_599) }, gets("T1")],
  [
    "another credential is being exchanged",
    { by: another, state: exchangingSince(-10) },
    gets("pauses until +15 s", holderKeeps),
  ],
  [
    "there were four exchanges within the minute",
    { exchanges: fourThisMinute },
    gets("pauses until +10 s", holderKeeps),
  ],
  [
    "another credential was exchanged four times within the minute",
    { by: another, exchanges: fourThisMinute },
    gets("pauses until +10 s", holderKeeps),
  ],
];

/** Creates the actor as a container with its history, with the time at the start again. */
async function enter(harness: BrokerHarness, actor: Actor): Promise<TokenBroker> {
  const broker = harness.broker({ isManual: actor === "operator" });
  if (actor === "holder of the rejected token" || actor === "holder of a living token") {
    const rejected = actor === "holder of the rejected token";
    harness.record.set(await recordOf({ token: { value: rejected ? "T0" : "HELD", expiresIn: 600, renewIn: -1 } }));
    harness.advance(-60_000);
    await broker.token();
    harness.advance(60_000);
    if (rejected) broker.reject("T0");
  }
  return broker;
}

describe.each(table)("if %s,", (_state, plan, expected) => {
  const rows = Object.entries(expected) as [Actor, string][];

  test.each(rows)("the %s gets: %s", async (actor, outcome) => {
    const harness = openBrokerHarness();
    const broker = await enter(harness, actor);
    const before = plan && (await recordOf(plan));
    harness.record.set(before);

    const got = await outcomeOf(broker);

    expect(got).toBe(outcome);
    expect(harness.exchanges).toHaveLength(outcome === "T1" ? 1 : 0);
    const scopes = expect.objectContaining({ [defaultScope]: { token: expect.any(Object) } });
    const exchanged = expect.objectContaining({ state: { type: "idle" }, scopes });
    expect(harness.record.value()).toEqual(outcome === "T1" ? exchanged : before);
  });
});

test.each([
  ["it cannot be unsealed", "not.a.sealed.token.at-all"],
  ["it is empty", ""],
])("a token in the record is not used if %s", async (_why, sealed) => {
  const harness = openBrokerHarness();
  const record = await recordOf({});
  const token = { sealed, expiresAt: at(2_400), renewAt: at(1_800) };
  harness.record.set({ ...record, scopes: { [defaultScope]: { token } } });

  const got = await outcomeOf(harness.broker());

  expect(got).toBe("T1");
});

test("a token that another credential sealed is not used, whatever the record says", async () => {
  const harness = openBrokerHarness();
  const theirs = await recordOf({ by: another, token: living });
  harness.record.set({ ...(await recordOf({})), scopes: theirs.scopes });

  const got = await outcomeOf(harness.broker());

  expect(got).toBe("T1");
});

describe("a token that was answered with 401", () => {
  const exchangesAt = (...seconds: readonly number[]) => seconds.map((each) => at(each));
  const openWith = async (exchanges: readonly string[] = [], token = living) => {
    const harness = openBrokerHarness();
    harness.record.set(await recordOf({ token, exchanges }));
    const broker = harness.broker();
    expect(await broker.token()).toBe("T0");
    return { harness, broker };
  };

  test("is exchanged for another, once for all requests that were answered 401", async () => {
    const { harness, broker } = await openWith();

    const renewed = await Promise.all([broker.renew("T0"), broker.renew("T0"), broker.renew("T0")]);

    expect([renewed, await broker.token(), harness.exchanges.length]).toEqual([[true, true, true], "T1", 1]);
  });

  test("gets no successor if it is new and was never accepted", async () => {
    const { harness, broker } = await openWith();
    await broker.renew("T0");

    expect([await broker.renew("T1"), await broker.token(), harness.exchanges.length]).toEqual([false, "T1", 1]);
    broker.accept("T1");
    expect([await broker.renew("T1"), await broker.token(), harness.exchanges.length]).toEqual([true, "T2", 2]);
  });

  test("gets one successor, and no more, if that waited for half a minute unused, because its session may have ended meanwhile", async () => {
    const { harness, broker } = await openWith();
    await broker.renew("T0");

    harness.advance(29_999);
    expect([await broker.renew("T1"), harness.exchanges.length]).toEqual([false, 1]);
    harness.advance(1);
    expect([await broker.renew("T1"), await broker.token(), harness.exchanges.length]).toEqual([true, "T2", 2]);
    harness.advance(600_000);
    expect([await broker.renew("T2"), harness.exchanges.length]).toEqual([false, 2]);
    broker.accept("T2");
    expect([await broker.renew("T2"), await broker.token(), harness.exchanges.length]).toEqual([true, "T3", 3]);
  });

  test("does not affect its successor if that was accepted meanwhile", async () => {
    const { harness, broker } = await openWith();
    await broker.renew("T0");
    broker.accept("T1");

    await broker.renew("T0");

    expect([await broker.renew("T1"), harness.exchanges.length]).toEqual([true, 2]);
  });

  test("is still used if the next exchange is possible only in more than a minute", async () => {
    // Five seconds pass while the record is looked at.
    const { harness, broker } = await openWith(exchangesAt(-3_534, -3_000, -2_400, -1_800, -1_200, -600));

    expect([await broker.renew("T0"), await broker.token(), harness.exchanges.length]).toEqual([false, "T0", 0]);
  });

  test("is still used if it is also due for renewal, which is not possible yet", async () => {
    const dueSoon = { ...living, renewIn: 50 };
    const { harness, broker } = await openWith(exchangesAt(-3_000, -2_900, -2_400, -1_800, -1_200, -600), dueSoon);
    await broker.renew("T0");
    harness.advance(60_000);

    expect([await broker.token(), harness.exchanges.length]).toEqual(["T0", 0]);
  });

  test("is awaited if the next exchange is possible within a minute", async () => {
    const { harness, broker } = await openWith(exchangesAt(-3_536, -3_000, -2_400, -1_800, -1_200, -600));

    await expect(broker.renew("T0")).rejects.toMatchObject({ reason: "token", until: new Date(at(64)) });
    expect(harness.exchanges).toEqual([]);
  });
});
