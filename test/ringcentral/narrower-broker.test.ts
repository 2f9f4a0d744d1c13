import { describe, expect, test } from "vitest";
import { JobError } from "../../shared/errors.ts";
import { withNarrower } from "../../shared/ringcentral/narrower-broker.ts";
import type { TokenBroker } from "../../shared/ringcentral/token-broker.ts";
import { refusedError } from "../../shared/ringcentral/token-exchange.ts";

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
    const broker = withNarrower(shared.broker, own.broker);

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
      const broker = withNarrower(shared.broker, own.broker);

      expect([await broker.token(), await broker.token()]).toEqual(["own", "own"]);
      broker.reject("own");

      expect(shared.asked).toEqual(["token"]);
      expect(own.asked).toEqual(["token", "token", "reject own"]);
      expect(await broker.server()).toBe("https://own.example.com");
    },
  );

  test("is refused to several at once: each gets the job's own", async () => {
    const broker = withNarrower(brokerNamed("shared", refusedError("invalid_scope")).broker, brokerNamed("own").broker);

    expect(await Promise.all([broker.token(), broker.token(), broker.token()])).toEqual(["own", "own", "own"]);
  });

  test.each([refusedError("OAU-146"), new JobError("API_UNAVAILABLE", "later")])(
    "is refused for another reason: so is the job",
    async (refusal) => {
      const own = brokerNamed("own");
      const broker = withNarrower(brokerNamed("shared", refusal).broker, own.broker);

      await expect(broker.token()).rejects.toBe(refusal);
      expect(own.asked).toEqual([]);
    },
  );

  test("lacks a scope that the job itself needs: the job is told what to do", async () => {
    const refusal = refusedError("invalid_scope");
    const broker = withNarrower(brokerNamed("shared", refusal).broker, brokerNamed("own", refusal).broker);

    await expect(broker.token()).rejects.toMatchObject({ todo: expect.stringContaining("app scopes") });
  });
});
