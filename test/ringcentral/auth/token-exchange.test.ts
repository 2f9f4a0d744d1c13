import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { StatusFault } from "../../../lab/ringcentral/faults.ts";
import { type RingCentral, type RingCentralOptions, startRingCentral } from "../../../lab/ringcentral/server.ts";
import { SecretText } from "../../../shared/core/secret-text.ts";
import { type Credential, parseCredential } from "../../../shared/ringcentral/auth/credential.ts";
import { createTokenExchange, refusedError, revokeToken } from "../../../shared/ringcentral/auth/token-exchange.ts";
import { userAgent } from "../../../shared/ringcentral/http/transport.ts";
import { openForeignHost } from "../../support/ringcentral/open-client.ts";

const scopes = ["ReadCallLog", "ReadCallRecording"];

async function enter(options: RingCentralOptions = {}) {
  const ringCentral = await startRingCentral(options);
  onTestFinished(() => ringCentral.stop());
  return { ringCentral, credential: credentialOf(ringCentral), exchange: createTokenExchange({ scopes, fetch }) };
}

function credentialOf({ credential }: RingCentral): Credential {
  return parseCredential(JSON.stringify(credential), new Date());
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a permanent refusal", () => {
  const body = (errorCode: string) => ({ error: "invalid_grant", errors: [{ errorCode, message: "words" }] });
  const refusals: readonly [StatusFault, string][] = [
    [{ status: 400, body: body("OAU-213") }, "OAU-213"],
    [{ status: 400, body: { error: "invalid_client", errors: [] } }, "invalid_client"],
    [{ status: 400, body: { errorCode: "OAU-111", message: "words" } }, "OAU-111"],
    [{ status: 400, body: "no object" }, "HTTP_400"],
    [{ status: 401, body: body("OAU-146") }, "OAU-146"],
    [{ status: 403, body: body("OAU-112") }, "OAU-112"],
    [{ status: 415, body: {} }, "HTTP_415"],
    // What is wrong with a scope, OAuth says more exactly: each job then requests its own scopes.
    [{ status: 400, body: { ...body("OAU-148"), error: "invalid_scope" } }, "invalid_scope"],
    [{ status: 403, body: { ...body("OAU-148"), error: "insufficient_scope" } }, "insufficient_scope"],
    [{ status: 400, body: { error: "your number +16505550100" } }, "HTTP_400"],
    [{ status: 400, body: { error: "invalid_grant", errors: "none", errorCode: 7 } }, "invalid_grant"],
    [{ status: 400, body: { error: "invalid_grant", errors: null, errorCode: null } }, "invalid_grant"],
  ];

  test.each(refusals)("by the response %o has the code %s", async (what, code) => {
    const { exchange, credential } = await enter({ faults: [{ on: "token", what }] });

    expect(await exchange(credential)).toEqual({ type: "refused", code });
  });

  test("distinguishes a wrong secret from a JWT of another app by their codes", async () => {
    const { exchange, credential } = await enter();
    const other = await enter({ seed: 2 });

    const wrongSecret = await exchange({ ...credential, clientSecret: new SecretText("wrong") });
    const wrongJwt = await exchange({ ...credential, jwt: other.credential.jwt });

    expect([wrongSecret, wrongJwt]).toMatchObject([{ type: "refused" }, { type: "refused" }]);
    expect(wrongSecret).not.toEqual(wrongJwt);
  });

  test("of an expired JWT has its own code", async () => {
    const { exchange, ringCentral } = await enter({ jwtExpiresAt: new Date(Date.now() + 3_600_000) });
    const credential = credentialOf(ringCentral);
    ringCentral.clock.advance(2 * 3_600_000);

    expect(await exchange(credential)).toMatchObject({ type: "refused", code: expect.stringMatching(/^OAU-/) });
  });

  test("names RingCentral's code and a hint, and nothing of the credential", () => {
    const error = refusedError("OAU-213");

    expect(error).toMatchObject({ code: "CREDENTIAL_REFUSED", retryable: false, details: { errorCode: "OAU-213" } });
    expect(error.hint).toContain("Developer Console");
  });
});

describe("a temporary failure", () => {
  const failures: readonly [StatusFault, number][] = [
    [{ status: 429, headers: { "retry-after": "45" } }, 45_000],
    [{ status: 429, rateHeaders: false }, 60_000],
    [{ status: 503, headers: { "retry-after": "120" } }, 120_000],
    [{ status: 503 }, 10_000],
    [{ status: 500 }, 10_000],
    [{ status: 408 }, 10_000],
    [{ status: 302, body: {} }, 10_000],
    [{ status: 304, headers: {} }, 10_000],
    [{ status: 300, body: "choose" }, 10_000],
  ];

  test.each(failures)("by %o is repeated after %i ms", async (what, retryAfterMs) => {
    const { exchange, credential } = await enter({ faults: [{ on: "token", what }] });

    expect(await exchange(credential)).toMatchObject({ type: "failed", retryAfterMs });
  });

  test.each(["drop", "lostResponse", "cut"] as const)(
    "by a broken connection (%s) is reported after one attempt",
    async (what) => {
      const { exchange, credential, ringCentral } = await enter({ faults: [{ on: "token", what }] });

      expect(await exchange(credential)).toMatchObject({ type: "failed", retryAfterMs: 10_000 });
      expect(ringCentral.counters().byEndpoint.token).toBe(1);
    },
  );

  test("is reported if the endpoint does not respond within 20 seconds", async () => {
    const time = new AbortController();
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(time.signal);
    const { exchange, credential } = await enter({ faults: [{ on: "token", what: "slowHeaders" }] });

    const exchanging = exchange(credential);
    time.abort(new DOMException("time is up", "TimeoutError"));

    expect(await exchanging).toMatchObject({ type: "failed" });
    expect(timeout).toHaveBeenCalledWith(20_000);
  });

  test.each([
    ["without a token", { token_type: "bearer", expires_in: 3600 }],
    ["without a life time", { access_token: "x", token_type: "bearer" }],
    ["of no life", { access_token: "x", token_type: "bearer", expires_in: 0 }],
    ["of another type", { access_token: "x", token_type: "mac", expires_in: 3600 }],
    ["whose token fits into no header", { access_token: "x\ny", token_type: "bearer", expires_in: 3600 }],
    ["that is far too long", { access_token: "x".repeat(100_000), token_type: "bearer", expires_in: 3600 }],
    ["that is no JSON object", "x"],
  ])("is reported for a response %s", async (_what, body) => {
    const { exchange, credential } = await enter({ faults: [{ on: "token", what: { status: 200, body } }] });

    expect(await exchange(credential)).toMatchObject({ type: "failed" });
  });

  test("is reported for a redirect, whose host sees neither secret nor JWT", async () => {
    const stranger = await openForeignHost();
    const { exchange, credential } = await enter({
      faults: [{ on: "token", what: { redirect: `${stranger.url}/token`, status: 307 } }],
    });

    expect(await exchange(credential)).toMatchObject({ type: "failed", code: "HTTP_307" });
    expect(stranger.seen).toEqual([]);
  });
});

describe("an exchange", () => {
  test("sends the JWT by POST, with client id and secret in the header alone, and requests exactly the job's scopes", async () => {
    const { credential } = await enter();
    const sent: { url: string; init: RequestInit | undefined }[] = [];
    const watching: typeof fetch = (url, init) => {
      sent.push({ url: String(url), init });
      return fetch(url, init);
    };

    await createTokenExchange({ scopes, fetch: watching })(credential);

    expect(sent.map(({ url }) => url)).toEqual([`${credential.server}/restapi/oauth/token`]);
    expect(Object.fromEntries(new URLSearchParams(String(sent[0]?.init?.body)))).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: credential.jwt.reveal(),
      scope: "ReadCallLog ReadCallRecording",
    });
    expect(sent[0]?.init).toMatchObject({ method: "POST", redirect: "manual" });
  });

  test("for a scope that the app lacks is refused", async () => {
    const { exchange, credential } = await enter({ account: { scopes: ["ReadCallLog"] } });

    expect(await exchange(credential)).toMatchObject({ type: "refused" });
  });

  test.each(["with space", "pl+us&amp=ersand", "c:o:l:o:n", "pünktchen", "100%", "under_score-and.dot~"])(
    "accepts the client secret %j",
    async (clientSecret) => {
      const { exchange, credential } = await enter({ clientSecret });

      expect(await exchange(credential)).toMatchObject({ type: "token" });
    },
  );

  test("returns the token and its life, and drops a refresh token", async () => {
    const { exchange, credential, ringCentral } = await enter({
      issueRefreshTokens: true,
      tokenLifetimeSeconds: 1_800,
    });

    const outcome = await exchange(credential);

    const [, , value = ""] = ringCentral.secrets();
    expect(outcome).toEqual({ type: "token", token: { value, expiresInMs: 1_800_000 } });
  });
});

test.each<[string, object]>([
  ["null", { refresh_token: null, scope: null, id_token: null }],
  ["empty", { refresh_token: "", id_token: "" }],
  ["of another type", { refresh_token: 7, scope: ["ReadCallLog"] }],
])("a dropped member does not decide whether a token is valid, even if it is %s", async (_what, members) => {
  const body = { access_token: "x", token_type: "bearer", expires_in: 3600, ...members };
  const { exchange, credential } = await enter({ faults: [{ on: "token", what: { status: 200, body } }] });

  expect(await exchange(credential)).toEqual({ type: "token", token: { value: "x", expiresInMs: 3_600_000 } });
});

test("requests for a token and its end have the same User-Agent as every other request", async () => {
  const { credential } = await enter();
  const agents: (string | null)[] = [];
  const watching: typeof fetch = (url, init) => {
    agents.push(new Headers(init?.headers).get("user-agent"));
    return fetch(url, init);
  };

  await createTokenExchange({ scopes, fetch: watching })(credential);
  await revokeToken(credential, "token", watching);

  expect(agents).toEqual([userAgent, userAgent]);
});

test("a token that promises to live for ever is renewed after a day", async () => {
  const body = { access_token: "x", token_type: "bearer", expires_in: 1e300 };
  const { exchange, credential } = await enter({ faults: [{ on: "token", what: { status: 200, body } }] });

  expect(await exchange(credential)).toEqual({ type: "token", token: { value: "x", expiresInMs: 24 * 60 * 60_000 } });
});

describe("revoking a token", () => {
  test("ends its session at RingCentral", async () => {
    const { exchange, credential, ringCentral } = await enter();
    const outcome = await exchange(credential);
    const token = outcome.type === "token" ? outcome.token.value : "";

    const revoked = await revokeToken(credential, token, fetch);

    const response = await fetch(`${ringCentral.url}/restapi/v1.0/account/~`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([revoked, ringCentral.counters().revocations, response.status]).toEqual([true, 1, 401]);
  });

  test.each(["drop", { status: 500 }] as const)("that fails (%o) is reported and has no other effect", async (what) => {
    const { credential } = await enter({ faults: [{ on: "revoke", what }] });

    expect(await revokeToken(credential, "token", fetch)).toBe(false);
  });
});
