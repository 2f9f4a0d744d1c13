import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExchangeOutcome } from "../../../shared/ringcentral/auth/token-exchange.ts";
import {
  maxExchanges,
  openBrokerHarness,
  outcomeOf,
  passUntilNext,
  recordOf,
  start,
} from "../../support/ringcentral/broker-harness.ts";

const scopes = ["ReadCallLog", "Analytics", "ReadMessages"];
const [calls = "", analytics = ""] = scopes;

describe("brokers of several scopes", () => {
  test("get one token each, all in the app's one record, where the next container finds its own", async () => {
    const harness = openBrokerHarness();

    const first = [];
    for (const scope of scopes) first.push(await outcomeOf(harness.broker({ scope })));
    const next = await Promise.all(scopes.map((scope) => outcomeOf(harness.broker({ scope }))));

    expect([first, next]).toEqual([
      ["T1", "T2", "T3"],
      ["T1", "T2", "T3"],
    ]);
    expect(harness.exchanges.map(({ scope }) => scope)).toEqual(scopes);
    expect(Object.keys(harness.record.value()?.scopes ?? {})).toEqual(scopes);
    expect(harness.recordNames.size).toBe(1);
  });

  test("are refused separately, and try again separately, each in its hour", async () => {
    const harness = openBrokerHarness();
    harness.script({ type: "refused", code: "invalid_scope" });
    const refused = await outcomeOf(harness.broker({ scope: analytics }));
    harness.advance(1_800_000);

    const got = [
      await outcomeOf(harness.broker({ scope: calls })),
      await outcomeOf(harness.broker({ scope: analytics })),
    ];
    harness.advance(1_800_000);
    const later = await outcomeOf(harness.broker({ scope: analytics }));

    expect([refused, ...got, later]).toEqual([
      ...["CREDENTIAL_REFUSED invalid_scope", "T2"],
      ...["CREDENTIAL_REFUSED invalid_scope", "T3"],
    ]);
  });

  test("all wait if the exchange of one has failed", async () => {
    const harness = openBrokerHarness();
    harness.script({ type: "failed", code: "HTTP_503", retryAfterMs: 60_000 });

    const got = [];
    for (const scope of scopes) got.push(await outcomeOf(harness.broker({ scope })));

    expect(got).toEqual(Array(3).fill("pauses until +60 s"));
    expect(harness.exchanges).toHaveLength(1);
  });

  test("end their own session only", async () => {
    const harness = openBrokerHarness();
    harness.record.set(await recordOf({ scope: calls, token: { value: "T0", expiresIn: 2_400, renewIn: 1_800 } }));

    expect(await harness.broker({ scope: analytics }).revoke()).toBe("none");
    expect(harness.revoked).toEqual([]);
    await harness.broker({ scope: calls }).revoke();
    expect(harness.revoked).toEqual(["T0"]);
  });

  test.each([2, 3])("renew %i tokens in turn four times a minute and six times an hour at most", async (count) => {
    const harness = openBrokerHarness();
    const brokers = scopes.slice(0, count).map((scope) => harness.broker({ scope }));
    while (harness.now() < start + 1.5 * 3_600_000) {
      for (const broker of brokers) {
        const got = await outcomeOf(broker);
        if (got.startsWith("T")) broker.reject(got);
      }
      passUntilNext(harness);
    }

    expect(new Set(harness.exchanges.map(({ scope }) => scope)).size).toBe(count);
    expect(maxExchanges(harness)).toEqual({ minute: 4, hour: 6 });
  });

  test("exchange four times a minute and six times an hour at most, whatever happens to their tokens", async () => {
    const endings = fc.constantFrom<ExchangeOutcome | undefined>(
      ...[undefined, undefined, undefined, { type: "token", token: { value: "short", expiresInMs: 5_000 } } as const],
      { type: "refused", code: "OAU-213" },
      { type: "failed", code: "HTTP_503", retryAfterMs: 1_000 },
    );
    const turns = fc.record({
      scope: fc.constantFrom(...scopes),
      ending: endings,
      isRejected: fc.constantFrom(true, true, false),
      passMs: fc.constantFrom(0, 0, 1_000, 1_000, 15_000, 61_000, 600_000),
    });

    await fc.assert(
      fc.asyncProperty(fc.array(turns, { minLength: 20, maxLength: 60 }), fc.boolean(), async (all, isManual) => {
        const harness = openBrokerHarness();
        const brokers = new Map(scopes.map((scope) => [scope, harness.broker({ scope, isManual })]));
        for (const { scope, ending, isRejected, passMs } of all) {
          harness.script(...(ending ? [ending] : []));
          const broker = brokers.get(scope) ?? harness.broker({ scope });
          const got = await outcomeOf(broker);
          if (isRejected) broker.reject(got);
          harness.advance(passMs);
        }

        const { minute, hour } = maxExchanges(harness);
        expect([minute <= 4, hour <= 6]).toEqual([true, true]);
      }),
      { numRuns: process.env.EVERY_CELL ? 30 : 20 },
    );
  });
});
