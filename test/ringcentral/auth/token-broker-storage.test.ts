import { describe, expect, test } from "vitest";
import type { ExchangeOutcome } from "../../../shared/ringcentral/auth/token-exchange.ts";
import {
  at,
  type BrokerHarness,
  openBrokerHarness,
  outcomeOf,
  recordOf,
} from "../../support/ringcentral/broker-harness.ts";
import { createMemoryRecord, type WriteOutcome } from "../../support/ringcentral/memory-record.ts";

const living = { value: "theirs", expiresIn: 3_600, renewIn: 3_000 };
const due = { value: "T0", expiresIn: 300, renewIn: -300 };

describe("if the claim to exchange", () => {
  test("is lost to a rival, the rival's token is waited for and nothing is exchanged", async () => {
    const harness = openBrokerHarness();
    const rival = await recordOf({ state: { type: "exchanging", since: at(0) } });
    const answered = await recordOf({ token: living });
    harness.record.plan({ rival });
    harness.whileWaiting(() => harness.record.set(answered));

    const got = await outcomeOf(harness.broker());

    expect(got).toBe("theirs");
    expect(harness.exchanges).toEqual([]);
  });

  test("is lost to a rival that never ends its exchange, the caller pauses after five seconds", async () => {
    const harness = openBrokerHarness();
    harness.record.plan({ rival: await recordOf({ state: { type: "exchanging", since: at(0) } }) });

    const got = await outcomeOf(harness.broker());

    expect(got).toBe("pauses until +25 s");
    expect(harness.now()).toBe(Date.parse(at(5)));
  });

  test("is lost to a rival that is refused, the caller is refused without a request", async () => {
    const harness = openBrokerHarness();
    const refusal = { code: "OAU-213", at: at(0), until: at(3_600) };
    harness.record.plan({ rival: await recordOf({ refusal }) });

    const got = await outcomeOf(harness.broker());

    expect(got).toBe("CREDENTIAL_REFUSED OAU-213");
    expect(harness.exchanges).toEqual([]);
  });

  test("is lost again and again, the caller pauses", async () => {
    const harness = openBrokerHarness();
    const rival = await recordOf({});
    harness.record.plan(...Array.from({ length: 100 }, () => ({ rival })));

    const got = await outcomeOf(harness.broker());

    expect(got).toMatch(/^pauses/);
    expect(harness.exchanges).toEqual([]);
  });

  test.each(["away", "answer lost"] as const)('fails by "%s", nothing is exchanged', async (outcome) => {
    const harness = openBrokerHarness();
    harness.record.plan(outcome);

    const got = await outcomeOf(harness.broker());

    expect(got).toBe("STORAGE_FAILED");
    expect(harness.exchanges).toEqual([]);
  });

  test("took six seconds to be stored, so that it would end before the exchange, nothing is exchanged", async () => {
    const harness: BrokerHarness = openBrokerHarness(createMemoryRecord(async () => harness.advance(3_000)));

    const got = await outcomeOf(harness.broker());

    expect(got).toBe("pauses until +31 s");
    expect(harness.exchanges).toEqual([]);
  });

  test("was stored and its response lost, the next exchange waits until the claim is 25 seconds old", async () => {
    const harness = openBrokerHarness();
    const broker = harness.broker();
    harness.record.plan("answer lost");
    await outcomeOf(broker);

    const early = await outcomeOf(broker);
    harness.advance(20_000);
    const late = await outcomeOf(broker);

    expect([early, late]).toEqual(["pauses until +25 s", "T1"]);
  });

  test.each(["away", "answer lost"] as const)('fails by "%s", a valid token is used', async (outcome) => {
    const harness = openBrokerHarness();
    harness.record.set(await recordOf({ token: due }));
    harness.record.plan(outcome);

    const got = await outcomeOf(harness.broker());

    expect(got).toBe("T0");
    expect(harness.exchanges).toEqual([]);
  });
});

describe("if the result of an exchange is not stored", () => {
  const endings: readonly [string, WriteOutcome][] = [
    ["because S3 is away", "away"],
    ["because the response was lost", "answer lost"],
  ];
  const outcomes: readonly [ExchangeOutcome, string][] = [
    [{ type: "token", token: { value: "T1", expiresInMs: 3_600_000 } }, "T1"],
    [{ type: "refused", code: "OAU-213" }, "CREDENTIAL_REFUSED OAU-213"],
    [{ type: "failed", code: "timeout", retryAfterMs: 10_000 }, "pauses until +10 s"],
  ];

  test.each(endings.flatMap(([why, ending]) => outcomes.map(([outcome, got]) => ({ why, ending, outcome, got }))))(
    "$why, the caller still gets $got after one exchange",
    async ({ ending, outcome, got }) => {
      const harness = openBrokerHarness();
      harness.script(outcome);
      harness.record.plan("by version", ending);

      expect(await outcomeOf(harness.broker())).toBe(got);
      expect(harness.exchanges).toHaveLength(1);
    },
  );

  test("because another took the claim over, the caller uses its own token and the other's record stays", async () => {
    const harness = openBrokerHarness();
    const rival = await recordOf({ token: living });
    harness.record.plan("by version", { rival });
    const broker = harness.broker();

    const got = [await outcomeOf(broker), await outcomeOf(broker)];

    expect(got).toEqual(["T1", "T1"]);
    expect(harness.record.value()).toEqual(rival);
  });
});

test("an invalid record counts as empty and is replaced", async () => {
  const harness = openBrokerHarness();
  harness.record.corrupt();

  const got = await outcomeOf(harness.broker());

  expect([got, harness.record.value()?.state]).toEqual(["T1", { type: "idle" }]);
});

describe("if the record cannot be read,", () => {
  test("a container without a token fails with a retryable error", async () => {
    const harness = openBrokerHarness();
    harness.record.setReadable(false);

    const got = await outcomeOf(harness.broker());

    expect(got).toBe("STORAGE_FAILED");
  });

  test("a valid token is used, and the record is not read for half a minute", async () => {
    const harness = openBrokerHarness();
    harness.record.set(await recordOf({ token: { value: "T0", expiresIn: 600, renewIn: 60 } }));
    const broker = harness.broker();
    await broker.token();
    harness.advance(61_000);
    harness.record.setReadable(false);
    const away = await outcomeOf(broker);

    harness.record.setReadable(true);
    const soon = await outcomeOf(broker);
    harness.advance(30_000);
    const later = await outcomeOf(broker);

    expect([away, soon, later]).toEqual(["T0", "T0", "T1"]);
  });

  test("an expired token is not used", async () => {
    const harness = openBrokerHarness();
    const broker = harness.broker();
    await broker.token();
    harness.advance(3_600_000);
    harness.record.setReadable(false);

    const got = await outcomeOf(broker);

    expect(got).toBe("STORAGE_FAILED");
  });
});
