import { describe, expect, test } from "vitest";
import { defaultTimeouts } from "../../../shared/ringcentral/http/timeouts.ts";
import { jobErrorOf, openClient, pauseOf } from "../../support/ringcentral/open-client.ts";

const callLog = "/restapi/v1.0/account/~/call-log";
const account = "/restapi/v1.0/account/~";
const heavy = { group: "heavy" } as const;
const light = { group: "light" } as const;

describe("a 401", () => {
  test("gets one new token and one more attempt", async () => {
    const { client, ringCentral } = await openClient({ faults: [{ on: "callLog", what: { status: 401 } }] });

    const text = await client.sendText(callLog, heavy);

    expect(JSON.parse(text)).toHaveProperty("records");
    expect(ringCentral.counters()).toMatchObject({ unauthorized: 1, byEndpoint: { token: 2, callLog: 2 } });
  });

  test("to the new token too concerns the URL: it is refused, and no third token is requested", async () => {
    const { client, ringCentral } = await openClient({
      faults: [{ on: "callLog", times: "always", what: { status: 401 } }],
    });

    const error = await jobErrorOf(client.sendText(callLog, heavy));
    await client.sendText(account, light);

    expect(error).toMatchObject({ code: "API_REFUSED", details: { status: 401 } });
    expect(ringCentral.counters().byEndpoint).toMatchObject({ token: 2, callLog: 2, account: 1 });
  });

  test("at one URL after another costs one login, while no token is accepted anywhere", async () => {
    const { client, ringCentral } = await openClient({
      faults: [{ on: "callLog", times: "always", what: { status: 401 } }],
    });

    for (const page of [1, 2, 3, 4]) await jobErrorOf(client.sendText(`${callLog}?page=${page}`, heavy));

    expect(ringCentral.counters().byEndpoint).toMatchObject({ token: 2, callLog: 5 });
  });

  test("at one URL after another among others that succeed costs six logins an hour at most", async () => {
    const { client, ringCentral } = await openClient({
      faults: [{ on: "callRecordingSettings", times: "always", what: { status: 401 } }],
    });

    for (let time = 1; time <= 12; time++) {
      await client.sendText(account, light);
      await jobErrorOf(client.sendText(`${account}/call-recording?time=${time}`, light));
      ringCentral.clock.advance(61_000);
    }

    expect(ringCentral.counters().byEndpoint.token).toBe(6);
  });

  test("costs a new token again once the request has had another response", async () => {
    const { client, ringCentral } = await openClient({ faults: [{ on: "callLog", what: { status: 401 } }] });
    await client.sendText(callLog, heavy);
    ringCentral.evictSessions();

    await client.sendText(callLog, heavy);

    expect(ringCentral.counters().byEndpoint).toMatchObject({ token: 3, callLog: 4 });
  });

  test("that comes to many requests at once costs one new token", async () => {
    const { client, ringCentral } = await openClient();
    await client.sendText(account, light);
    ringCentral.evictSessions();

    await Promise.all(Array.from({ length: 8 }, () => client.sendText(account, light)));

    expect(ringCentral.counters().byEndpoint.token).toBe(2);
  });

  test("that is late, to a token that has been replaced, does not reject the new one", async () => {
    const { client, ringCentral, broker } = await openClient();
    const old = await broker.token();
    broker.reject(old);
    const current = await broker.token();
    const late = await fetch(`${ringCentral.url}${account}`, { headers: { authorization: "Bearer gone" } });

    broker.reject(old);
    await client.sendText(account, light);

    expect(late.status).toBe(401);
    expect(await broker.token()).toBe(current);
    expect(ringCentral.counters().byEndpoint.token).toBe(2);
  });
});

describe("a 408", () => {
  test("is retried within the slice, like a 5xx", async () => {
    const { client, ringCentral, sleeps } = await openClient({ faults: [{ on: "callLog", what: { status: 408 } }] });

    await client.sendText(callLog, heavy);

    expect(ringCentral.counters().byEndpoint.callLog).toBe(2);
    expect(sleeps).toHaveLength(1);
  });
});

describe("a 403", () => {
  test("names the permission and where to give it, and never costs a token", async () => {
    const { client, ringCentral } = await openClient({ account: { permissions: ["ReadCompanyInfo"] } });

    const error = await jobErrorOf(client.sendText(callLog, heavy));

    expect(error.code).toBe("API_REFUSED");
    expect(error.message).toContain("403");
    expect(error.hint).toContain("FullCompanyCallLog");
    expect(error.details.requestId).toMatch(/\S/);
    expect(ringCentral.counters().byEndpoint).toMatchObject({ token: 1, callLog: 1 });
  });

  test("quotes nothing of RingCentral's response", async () => {
    const { client } = await openClient({
      faults: [{ on: "callLog", what: { status: 403, body: { errorCode: "CMN-405", message: "secret words" } } }],
    });

    const error = await jobErrorOf(client.sendText(callLog, heavy));

    expect(JSON.stringify(error)).not.toContain("secret words");
  });
});

describe("a 429", () => {
  test("blocks the whole group until Retry-After has passed, and nothing more is sent", async () => {
    const retryAfter = { status: 429, penaltyMs: 40_000, headers: { "retry-after": "40" } };
    const { client, ringCentral, now } = await openClient({ faults: [{ on: "callLog", what: retryAfter }] });

    const before = now();

    const first = await pauseOf(client.sendText(callLog, heavy));
    const second = await pauseOf(client.sendText(callLog, heavy));

    expect([first.reason, second.reason]).toEqual(["rate-limited", "rate-limited"]);
    expect(first.until.getTime()).toBeGreaterThanOrEqual(before + 40_000);
    expect(second.until).toEqual(first.until);
    expect(ringCentral.counters()).toMatchObject({ byEndpoint: { callLog: 1 }, insidePenalty: 0 });
  });

  test("leaves the other group alone", async () => {
    const retryAfter = { status: 429, headers: { "retry-after": "40" } };
    const { client } = await openClient({ faults: [{ on: "callLog", what: retryAfter }] });
    await pauseOf(client.sendText(callLog, heavy));

    expect(await client.sendText(account, light)).toContain("regionalSettings");
  });

  test("without Retry-After blocks for at least 30 seconds", async () => {
    const { client, now } = await openClient({
      faults: [{ on: "callLog", what: { status: 429, rateHeaders: false } }],
    });
    const before = now();

    const pause = await pauseOf(client.sendText(callLog, heavy));

    expect(pause.reason).toBe("rate-limited");
    expect(pause.until.getTime()).toBeGreaterThanOrEqual(before + 30_000);
  });
});

describe("a failed response", () => {
  test("of 503 with Retry-After is awaited outside, without a retry", async () => {
    const { client, ringCentral, now, sleeps } = await openClient({
      faults: [{ on: "callLog", what: { status: 503, headers: { "retry-after": "300" } } }],
    });
    const before = now();

    const pause = await pauseOf(client.sendText(callLog, heavy));

    expect(pause.reason).toBe("unavailable");
    expect(pause.until.getTime()).toBeGreaterThanOrEqual(before + 300_000);
    expect([sleeps, ringCentral.counters().byEndpoint.callLog]).toEqual([[], 1]);
  });

  test.each([
    ["408", { status: 408 }],
    ["500", { status: 500 }],
    ["502", { status: 502 }],
    ["503 without Retry-After", { status: 503 }],
    ["a dropped connection", "drop"],
    ["a response that got lost", "lostResponse"],
    ["a body that breaks off", "cut"],
  ] as const)("of %s is retried within five seconds", async (_name, what) => {
    const { client, ringCentral, sleeps } = await openClient({ faults: [{ on: "callLog", times: 3, what }] });

    const text = await client.sendText(callLog, heavy);

    expect(JSON.parse(text)).toHaveProperty("records");
    expect(ringCentral.counters().byEndpoint.callLog).toBe(4);
    expect(sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(5_000);
  });

  test.each([
    ["500", { status: 500 }],
    ["a dropped connection", "drop"],
    ["a body that breaks off", "cut"],
  ] as const)("of %s that lasts becomes a pause after four attempts", async (_name, what) => {
    const { client, ringCentral } = await openClient({ faults: [{ on: "callLog", times: "always", what }] });

    const pause = await pauseOf(client.sendText(callLog, heavy));

    expect(pause.reason).toBe("unavailable");
    expect(ringCentral.counters().byEndpoint.callLog).toBe(4);
  });

  test("without a slot for its retry is reported anyway, and awaited until there is a slot", async () => {
    const { client, ringCentral, now } = await openClient({
      limits: { heavy: { limit: 2, windowMs: 60_000, penaltyMs: 60_000 } },
      faults: [{ on: "callLog", times: "always", what: { status: 500 } }],
    });
    const before = now();

    const pause = await pauseOf(client.sendText(callLog, heavy));

    expect(pause).toMatchObject({
      reason: "unavailable",
      cause: { code: "API_UNAVAILABLE", details: { what: "500" } },
    });
    expect(pause.until.getTime()).toBeGreaterThanOrEqual(before + 60_000);
    expect(ringCentral.counters().byEndpoint.callLog).toBe(2);
  });
});

test.each(["slowHeaders", "stall"] as const)(
  "a response that does not come in time (%s) pauses at once, because a second wait would be billed",
  async (what) => {
    const timeouts = { ...defaultTimeouts, headersMs: 50, idleMs: 50 };
    const { client, ringCentral, sleeps } = await openClient({ faults: [{ on: "callLog", what }] }, timeouts);

    const pause = await pauseOf(client.sendText(callLog, heavy));

    expect(pause.reason).toBe("unavailable");
    expect(sleeps).toEqual([]);
    // On a busy machine the time is over before the request has arrived.
    expect(ringCentral.counters().byEndpoint.callLog ?? 1).toBe(1);
  },
);

describe("a response that waiting does not fix", () => {
  test.each([
    [404, "CMN-102", "API_NOT_FOUND"],
    [404, "AGW-404", "API_REFUSED"],
    [404, "CMN-120", "API_REFUSED"],
    [400, "CMN-999", "API_BAD_REQUEST"],
    [405, "CMN-999", "API_BAD_REQUEST"],
  ])(
    "%i %s is the error %s, with RingCentral's code and request id, after one try",
    async (status, errorCode, code) => {
      const body = { errorCode, message: "what the caller said" };
      const { client, ringCentral } = await openClient({ faults: [{ on: "callLog", what: { status, body } }] });

      const error = await jobErrorOf(client.sendText(`${callLog}?phoneNumber=16505550100`, heavy));

      expect(error).toMatchObject({ code, retryable: false, details: { status, errorCode } });
      expect(error.details.requestId).toMatch(/\S/);
      expect(JSON.stringify(error)).not.toMatch(/what the caller said|16505550100/);
      expect(ringCentral.counters().byEndpoint.callLog).toBe(1);
    },
  );
});
