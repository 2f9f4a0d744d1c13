import { describe, expect, test } from "vitest";
import {
  at,
  type BrokerHarness,
  defaultScope,
  maxExchanges,
  openBrokerHarness,
  outcomeOf,
  passUntilNext,
  type RecordPlan,
  recordOf,
  start,
} from "../../support/ringcentral/broker-harness.ts";
import { credentialOf } from "../../support/ringcentral/credentials.ts";

const living = { value: "T0", expiresIn: 2_400, renewIn: 1_800 };
const due = { value: "T0", expiresIn: 300, renewIn: -300 };
const endedFor = (code: string, from: number, until: number) => ({ code, at: at(from), until: at(until) });
const known = (harness: BrokerHarness) => harness.record.value()?.scopes[defaultScope];

describe("after an exchange,", () => {
  test("a token is stored sealed, its time counts from before the exchange, and it is renewed ten minutes before it ends", async () => {
    const harness = openBrokerHarness();
    const value = "an-access-token-of-the-last-exchange";
    harness.script({ type: "token", token: { value, expiresInMs: 3_600_000 } });

    await harness.broker().token();

    const { state, exchanges } = harness.record.value() ?? {};
    const token = known(harness)?.token;
    expect(state).toEqual({ type: "idle" });
    expect(exchanges).toEqual([at(0)]);
    expect(token?.sealed).not.toContain(value);
    expect(token).toMatchObject({ expiresAt: at(3_600), renewAt: at(3_000) });
  });

  test("a short-lived token is renewed after five sixths of its life", async () => {
    const harness = openBrokerHarness();
    harness.script({ type: "token", token: { value: "short", expiresInMs: 600_000 } });

    await harness.broker().token();

    expect(known(harness)?.token?.renewAt).toBe(at(500));
  });

  test("a refusal holds for an hour, with its code", async () => {
    const harness = openBrokerHarness();
    harness.script({ type: "refused", code: "OAU-213" });

    const got = await outcomeOf(harness.broker());

    expect(got).toBe("CREDENTIAL_REFUSED OAU-213");
    expect(known(harness)).toEqual({ refusal: endedFor("OAU-213", 0, 3_600) });
    expect(harness.record.value()?.state).toEqual({ type: "idle" });
  });

  test("a temporary failure holds as long as RingCentral said", async () => {
    const harness = openBrokerHarness();
    harness.script({ type: "failed", code: "CMN-301", retryAfterMs: 60_000 });

    const got = await outcomeOf(harness.broker());

    expect(got).toBe("pauses until +60 s");
    expect(harness.record.value()?.state).toEqual({ type: "failed", ...endedFor("CMN-301", 0, 60) });
  });

  test.each([
    { type: "refused", code: "OAU-213" },
    { type: "failed", code: "timeout", retryAfterMs: 10_000 },
  ] as const)(
    "a renewal that is $is leaves the old token in the record, where every container finds it",
    async (outcome) => {
      const harness = openBrokerHarness();
      harness.record.set(await recordOf({ token: due }));
      harness.script(outcome);

      const got = [await outcomeOf(harness.broker()), await outcomeOf(harness.broker())];

      expect(got).toEqual(["T0", "T0"]);
      expect(harness.exchanges).toHaveLength(1);
    },
  );
});

describe("a container", () => {
  test("does not read the record again while its token is good", async () => {
    const harness = openBrokerHarness();
    const broker = harness.broker();
    await broker.token();
    harness.record.setReadable(false);
    harness.advance(49 * 60_000);

    const got = await outcomeOf(broker);

    expect(got).toBe("T1");
  });

  test("never uses a token beyond its end, even if renewing it has just failed", async () => {
    const harness = openBrokerHarness();
    harness.record.set(await recordOf({ token: { value: "T0", expiresIn: 5, renewIn: -300 } }));
    const broker = harness.broker();
    harness.script({ type: "failed", code: "timeout", retryAfterMs: 1_000 });
    const before = await outcomeOf(broker);
    harness.advance(10_000);

    const after = await outcomeOf(broker);

    expect([before, after]).toEqual(["T0", "T2"]);
  });

  test("sends one request for all callers that want a token at the same time", async () => {
    const harness = openBrokerHarness();
    const broker = harness.broker();

    const got = await Promise.all(Array.from({ length: 12 }, () => broker.token()));

    expect(new Set(got)).toEqual(new Set(["T1"]));
    expect(harness.exchanges).toHaveLength(1);
  });

  test("keeps its new token in memory if the old one is rejected late", async () => {
    const harness = openBrokerHarness();
    const broker = harness.broker();
    broker.reject(await broker.token());
    await broker.token();
    harness.record.setReadable(false);

    broker.reject("T1");

    expect(await outcomeOf(broker)).toBe("T2");
  });

  test.each([
    [{ type: "failed", code: "timeout", retryAfterMs: 10_000 }, "pauses until +10 s"],
    [{ type: "refused", code: "OAU-213" }, "CREDENTIAL_REFUSED OAU-213"],
  ] as const)("does not use a token that was rejected while its renewal ended as $is", async (outcome, expected) => {
    const harness = openBrokerHarness();
    harness.record.set(await recordOf({ token: due }));
    harness.script(outcome);
    const broker = harness.broker();
    harness.whileExchanging(() => broker.reject("T0"));

    expect(await outcomeOf(broker)).toBe(expected);
  });

  test("does not use a rejected token that RingCentral issues once more", async () => {
    const harness = openBrokerHarness();
    const again = { type: "token", token: { value: "T1", expiresInMs: 3_600_000 } } as const;
    harness.script(again, again);
    const broker = harness.broker();
    broker.reject(await broker.token());

    expect(await outcomeOf(broker)).toBe("pauses until +30 s");
  });

  test("does not take a rejected token from the record because an older one is rejected late", async () => {
    const harness = openBrokerHarness();
    harness.record.set(await recordOf({ token: living }));
    const broker = harness.broker();
    broker.reject(await broker.token());

    broker.reject("older");

    expect(await outcomeOf(broker)).toBe("T1");
  });

  test("takes the token that another has exchanged meanwhile instead of exchanging again", async () => {
    const harness = openBrokerHarness();
    const [one, two] = [harness.broker(), harness.broker()];
    const token = await one.token();
    await two.token();
    one.reject(token);
    two.reject(token);

    const got = [await one.token(), await two.token()];

    expect(got).toEqual(["T2", "T2"]);
  });

  test("exchanges four times a minute and six times an hour at most, however often its tokens are rejected", async () => {
    const harness = openBrokerHarness();
    const broker = harness.broker();
    while (harness.now() < start + 0.9 * 3_600_000) {
      const got = await outcomeOf(broker);
      if (got.startsWith("T")) broker.reject(got);
      passUntilNext(harness);
    }

    expect(maxExchanges(harness)).toEqual({ minute: 4, hour: 6 });
  });

  test("ends its session, forgets the token and does not take it from the record again", async () => {
    const harness = openBrokerHarness();
    const broker = harness.broker();
    await broker.token();

    expect(await broker.revoke()).toBe("revoked");

    expect(harness.revoked).toEqual(["T1"]);
    expect(await broker.token()).toBe("T2");
  });

  test("ends the session in the record if it holds none itself", async () => {
    const harness = openBrokerHarness();
    harness.record.set(await recordOf({ token: living }));

    await harness.broker().revoke();

    expect(harness.revoked).toEqual(["T0"]);
  });

  test("ends no session if there is no token", async () => {
    const harness = openBrokerHarness();

    await harness.broker().revoke();

    expect(harness.revoked).toEqual([]);
  });
});

describe("a rotated secret", () => {
  const rotated = credentialOf("rotated");

  test.each([
    ["was refused just now", { refusal: endedFor("OAU-213", -1, 3_599) }],
    ["has a token that was rejected", { token: { value: "T1", expiresIn: 3_600, renewIn: 3_000 } }],
  ] satisfies [string, RecordPlan][])("is used at once by a warm container whose old one %s", async (_why, plan) => {
    const harness = openBrokerHarness();
    const broker = harness.broker();
    broker.reject(await broker.token());
    harness.record.set(await recordOf(plan));
    harness.putSecret(rotated);

    const got = await outcomeOf(broker);

    expect(got).toBe("T2");
    expect(harness.exchanges.at(-1)?.jwt).toBe("header.rotated.signature");
  });

  test("for another server leaves no token of the old one in use there", async () => {
    const harness = openBrokerHarness();
    const broker = harness.broker();
    await broker.token();
    harness.advance(51 * 60_000);
    harness.putSecret({ ...rotated, server: "https://platform.devtest.example.com" });
    harness.script({ type: "failed", code: "timeout", retryAfterMs: 10_000 });

    const got = await outcomeOf(broker);

    expect(got).toBe("pauses until +3070 s");
    expect(await broker.server()).toBe("https://platform.devtest.example.com");
  });

  test("is used by a warm container that finds the record of the new one", async () => {
    const harness = openBrokerHarness();
    const broker = harness.broker();
    broker.reject(await broker.token());
    harness.record.set(await recordOf({ by: rotated, token: living }));
    harness.putSecret(rotated);

    const got = await outcomeOf(broker);

    expect(got).toBe("T0");
    expect(harness.exchanges).toHaveLength(1);
  });
});
