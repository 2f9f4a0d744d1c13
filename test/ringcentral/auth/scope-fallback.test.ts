import { describe, expect, test } from "vitest";
import { JobError } from "../../../shared/errors.ts";
import { withScopeFallback } from "../../../shared/ringcentral/auth/scope-fallback.ts";
import type { TokenBroker } from "../../../shared/ringcentral/auth/token-broker.ts";
import { refusedError } from "../../../shared/ringcentral/auth/token-exchange.ts";
import {
  type BrokerHarness,
  maxExchanges,
  openBrokerHarness,
  outcomeOf,
  passUntilNext,
  start,
} from "../../support/ringcentral/broker-harness.ts";

/** Creates a broker that returns its name as token, or is refused, and records its calls. */
function brokerNamed(name: string, refusal?: JobError) {
  const requested: string[] = [];
  const broker: TokenBroker = {
    server: async () => `https://${name}.example.com`,
    fingerprint: async () => name,
    scope: () => name,
    accept: (token) => void requested.push(`accept ${token}`),
    renew: async (token) => requested.push(`renew ${token}`) > 0,
    token: async () => {
      requested.push("token");
      if (refusal) throw refusal;
      return name;
    },
    reject: (token) => void requested.push(`reject ${token}`),
    revoke: async () => {
      requested.push("revoke");
      return "revoked";
    },
  };
  return { broker, requested };
}

describe("if the token that all jobs share", () => {
  test("is granted, it is used, and no other is requested", async () => {
    const [shared, own] = [brokerNamed("shared"), brokerNamed("own")];
    const broker = withScopeFallback(shared.broker, own.broker);

    expect(await broker.token()).toBe("shared");
    broker.reject("shared");
    await broker.revoke();

    expect(shared.requested).toEqual(["token", "reject shared", "revoke"]);
    expect(own.requested).toEqual([]);
  });

  test.each(["invalid_scope", "insufficient_scope", "OAU-105", "OAU-106"])(
    "is refused with %s, the job's own is used from then on",
    async (code) => {
      const [shared, own] = [brokerNamed("shared", refusedError(code)), brokerNamed("own")];
      const broker = withScopeFallback(shared.broker, own.broker);

      expect([await broker.token(), await broker.token()]).toEqual(["own", "own"]);
      broker.reject("own");

      expect(shared.requested).toEqual(["token"]);
      expect(own.requested).toEqual(["token", "token", "reject own"]);
      expect(await broker.server()).toBe("https://own.example.com");
    },
  );

  test("is refused to several at once, each gets the job's own", async () => {
    const broker = withScopeFallback(
      brokerNamed("shared", refusedError("invalid_scope")).broker,
      brokerNamed("own").broker,
    );

    expect(await Promise.all([broker.token(), broker.token(), broker.token()])).toEqual(["own", "own", "own"]);
  });

  test.each([refusedError("OAU-146"), new JobError("API_UNAVAILABLE", "later")])(
    "is refused for another reason, the job is refused, too",
    async (refusal) => {
      const own = brokerNamed("own");
      const broker = withScopeFallback(brokerNamed("shared", refusal).broker, own.broker);

      await expect(broker.token()).rejects.toBe(refusal);
      expect(own.requested).toEqual([]);
    },
  );

  test("lacks a scope that the job itself needs, the error says what to do", async () => {
    const refusal = refusedError("invalid_scope");
    const broker = withScopeFallback(brokerNamed("shared", refusal).broker, brokerNamed("own", refusal).broker);

    await expect(broker.token()).rejects.toMatchObject({ hint: expect.stringContaining("app scopes") });
  });
});

describe("if the app lacks a scope that one of three jobs needs,", () => {
  const jobs = ["Analytics", "ReadCallLog", "ReadMessages"];
  const together = jobs.join(" ");
  const brokersOf = (harness: BrokerHarness) =>
    jobs.map((own) => withScopeFallback(harness.broker({ scope: together }), harness.broker({ scope: own })));
  const openLacking = () => {
    const harness = openBrokerHarness();
    harness.lack("Analytics");
    return harness;
  };

  test("the token of all is requested once an hour, by any container, and the other two jobs have their own", async () => {
    const harness = openLacking();
    const got: string[] = [];
    for (let minutes = 0; minutes < 360; minutes += 5) {
      for (const broker of brokersOf(harness)) got.push(await outcomeOf(broker));
      harness.advance(300_000);
    }

    expect(got.map((each) => each.replace(/^T\d+$/, "T"))).toEqual(
      Array(72).fill(["CREDENTIAL_REFUSED invalid_scope", "T", "T"]).flat(),
    );
    const shared = harness.exchanges.filter(({ scope }) => scope === together);
    expect(shared.map(({ at }) => (at - start) / 3_600_000)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(maxExchanges(harness).hour).toBeLessThanOrEqual(6);
  });

  test("they log in six times an hour at most together, even if all their tokens are rejected", async () => {
    const harness = openLacking();
    const brokers = brokersOf(harness);
    while (harness.now() < start + 1.5 * 3_600_000) {
      for (const broker of brokers) broker.reject(await outcomeOf(broker));
      passUntilNext(harness);
    }

    expect(maxExchanges(harness)).toEqual({ minute: 4, hour: 6 });
  });
});
