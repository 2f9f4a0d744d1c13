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
  start,
} from "../../support/ringcentral/broker-harness.ts";

/** A broker that gives its name for a token, or is refused; notes what was asked of it. */
function brokerNamed(name: string, refusal?: JobError) {
  const asked: string[] = [];
  const broker: TokenBroker = {
    server: async () => `https://${name}.example.com`,
    fingerprint: async () => name,
    accept: (token) => void asked.push(`accept ${token}`),
    renew: async (token) => asked.push(`renew ${token}`) > 0,
    token: async () => {
      asked.push("token");
      if (refusal) throw refusal;
      return name;
    },
    reject: (token) => void asked.push(`reject ${token}`),
    revoke: async () => void asked.push("revoke"),
  };
  return { broker, asked };
}

describe("the token that all jobs share", () => {
  test("serves where it is given, and nothing else is asked for", async () => {
    const [shared, own] = [brokerNamed("shared"), brokerNamed("own")];
    const broker = withScopeFallback(shared.broker, own.broker);

    expect(await broker.token()).toBe("shared");
    broker.reject("shared");
    await broker.revoke();

    expect(shared.asked).toEqual(["token", "reject shared", "revoke"]);
    expect(own.asked).toEqual([]);
  });

  test.each(["invalid_scope", "insufficient_scope", "OAU-105", "OAU-106"])(
    "is refused with %s: the job's own serves from then on",
    async (code) => {
      const [shared, own] = [brokerNamed("shared", refusedError(code)), brokerNamed("own")];
      const broker = withScopeFallback(shared.broker, own.broker);

      expect([await broker.token(), await broker.token()]).toEqual(["own", "own"]);
      broker.reject("own");

      expect(shared.asked).toEqual(["token"]);
      expect(own.asked).toEqual(["token", "token", "reject own"]);
      expect(await broker.server()).toBe("https://own.example.com");
    },
  );

  test("is refused to several at once: each gets the job's own", async () => {
    const broker = withScopeFallback(
      brokerNamed("shared", refusedError("invalid_scope")).broker,
      brokerNamed("own").broker,
    );

    expect(await Promise.all([broker.token(), broker.token(), broker.token()])).toEqual(["own", "own", "own"]);
  });

  test.each([refusedError("OAU-146"), new JobError("API_UNAVAILABLE", "later")])(
    "is refused for another reason: so is the job",
    async (refusal) => {
      const own = brokerNamed("own");
      const broker = withScopeFallback(brokerNamed("shared", refusal).broker, own.broker);

      await expect(broker.token()).rejects.toBe(refusal);
      expect(own.asked).toEqual([]);
    },
  );

  test("lacks a scope that the job itself needs: the error says what to do", async () => {
    const refusal = refusedError("invalid_scope");
    const broker = withScopeFallback(brokerNamed("shared", refusal).broker, brokerNamed("own", refusal).broker);

    await expect(broker.token()).rejects.toMatchObject({ hint: expect.stringContaining("app scopes") });
  });
});

describe("where the app lacks a scope that one of three jobs needs", () => {
  const jobs = ["Analytics", "ReadCallLog", "ReadMessages"];
  const together = jobs.join(" ");
  const brokersOf = (desk: BrokerHarness) =>
    jobs.map((own) => withScopeFallback(desk.broker({ scope: together }), desk.broker({ scope: own })));
  const openLacking = () => {
    const desk = openBrokerHarness();
    desk.lack("Analytics");
    return desk;
  };

  test("the token of all is asked for once an hour, by whatever container, and the other two jobs have theirs", async () => {
    const desk = openLacking();
    const got: string[] = [];
    for (let minutes = 0; minutes < 360; minutes += 5) {
      for (const broker of brokersOf(desk)) got.push(await outcomeOf(broker));
      desk.advance(300_000);
    }

    expect(got.map((each) => each.replace(/^T\d+$/, "T"))).toEqual(
      Array(72).fill(["CREDENTIAL_REFUSED invalid_scope", "T", "T"]).flat(),
    );
    const shared = desk.exchanges.filter(({ scope }) => scope === together);
    expect(shared.map(({ at }) => (at - start) / 3_600_000)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(maxExchanges(desk).hour).toBeLessThanOrEqual(6);
  });

  test("they log in six times an hour at most together, though all their tokens are rejected", async () => {
    const desk = openLacking();
    const brokers = brokersOf(desk);
    while (desk.now() < start + 3 * 3_600_000) {
      for (const broker of brokers) broker.reject(await outcomeOf(broker));
      desk.advance(15_000);
    }

    expect(maxExchanges(desk)).toEqual({ minute: 4, hour: 6 });
  });
});
