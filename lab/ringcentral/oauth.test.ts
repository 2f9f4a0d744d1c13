import { generateKeyPair, SignJWT } from "jose";
import { expect, test } from "vitest";
import { basic, labNow, openLab, refusal } from "./open-lab.ts";

const account = "/restapi/v1.0/account/~";

test("a damaged assertion is refused with OAU-345", async () => {
  await using lab = await openLab();
  const { jwt } = lab.ringCentral.credential;
  const damaged = [jwt.slice(0, -10), `${jwt.slice(0, -6)}AAAAAA`, "not a JWT", ""];

  for (const assertion of damaged) expect(await refusal(lab.exchange({ assertion }))).toEqual([400, "OAU-345"]);

  const body = await (await lab.exchange({ assertion: "not a JWT" })).json();
  expect(body).toMatchObject({ error: "invalid_request", error_description: "Invalid assertion signature" });
});

test("an assertion with another signature is refused, and one signed by HS256 with its own code", async () => {
  await using lab = await openLab();
  const { server } = lab.ringCentral.credential;
  const { privateKey } = await generateKeyPair("RS256");
  const claims = () =>
    new SignJWT()
      .setIssuer(server)
      .setSubject("62264425016")
      .setAudience(`${server}/restapi/oauth/token`)
      .setExpirationTime("2h");
  const foreign = await claims().setProtectedHeader({ alg: "RS256" }).sign(privateKey);
  const selfSigned = await claims().setProtectedHeader({ alg: "HS256" }).sign(new Uint8Array(32));

  expect(await refusal(lab.exchange({ assertion: foreign }))).toEqual([400, "OAU-345"]);
  expect(await refusal(lab.exchange({ assertion: selfSigned }))).toEqual([400, "OAU-347"]);
});

test("a credential expires by the lab's clock", async () => {
  await using lab = await openLab({ jwtExpiresAt: new Date(labNow.getTime() + 60_000) });
  expect((await lab.exchange()).status).toBe(200);

  lab.ringCentral.clock.advance(61_000);

  expect(await refusal(lab.exchange())).toEqual([400, "OAU-210"]);
});

test("another lab's credential is refused", async () => {
  await using lab = await openLab();
  await using other = await openLab();

  const response = lab.exchange({ assertion: other.ringCentral.credential.jwt });

  expect(await refusal(response)).toEqual([400, "OAU-345"]);
});

test("the client must authenticate, be known, and know its secret", async () => {
  await using lab = await openLab();
  const { clientId } = lab.ringCentral.credential;
  const withBasic = (authorization: string) => lab.exchange({}, { authorization });

  expect(await refusal(lab.exchange({}, {}))).toEqual([401, "OAU-123"]);
  expect(await refusal(lab.exchange({ client_id: clientId }, {}))).toEqual([401, "OAU-123"]);
  expect(await refusal(withBasic("Basic %%%"))).toEqual([401, "OAU-123"]);
  expect(await refusal(withBasic(basic("somebody", "else")))).toEqual([400, "OAU-153"]);
  expect(await refusal(withBasic(basic(clientId, "wrong")))).toEqual([401, "OAU-146"]);
});

test("a secret with special characters is accepted plain and form-encoded", async () => {
  await using lab = await openLab({ clientSecret: "a+b/c d%2=:ü" });
  const { clientId, clientSecret } = lab.ringCentral.credential;
  const encoded = new URLSearchParams({ s: clientSecret }).toString().slice(2);

  const plain = await lab.exchange({}, { authorization: basic(clientId, clientSecret) });
  const formEncoded = await lab.exchange({}, { authorization: basic(clientId, encoded) });

  expect([plain.status, formEncoded.status]).toEqual([200, 200]);
});

test("every grant except the JWT is refused", async () => {
  await using lab = await openLab();

  expect(await refusal(lab.exchange({ grant_type: "authorization_code" }))).toEqual([400, "OAU-251"]);
  expect(await refusal(lab.exchange({ grant_type: "password" }))).toEqual([400, "OAU-251"]);
  expect(await refusal(lab.exchange({ grant_type: "client_credentials" }))).toEqual([400, "OAU-250"]);
  expect(await refusal(lab.exchange({ grant_type: "refresh_token", refresh_token: "x" }))).toEqual([400, "OAU-210"]);
  expect(await refusal(fetch(`${lab.ringCentral.url}/restapi/oauth/authorize`))).toEqual([403, "OAU-113"]);
});

test("a repeated parameter is refused with OAU-111", async () => {
  await using lab = await openLab();
  const { url, credential } = lab.ringCentral;

  const response = fetch(`${url}/restapi/oauth/token`, {
    method: "POST",
    headers: {
      authorization: basic(credential.clientId, credential.clientSecret),
      "content-type": "application/x-www-form-urlencoded",
    },
    body: `assertion=${credential.jwt}&assertion=${credential.jwt}`,
  });

  expect(await refusal(response)).toEqual([400, "OAU-111"]);
});

test("the response to an exchange has no refresh token, and says whose token it is and how long it lives", async () => {
  await using lab = await openLab({ tokenLifetimeSeconds: 1800 });

  const response = await (await lab.exchange({ endpoint_id: "my-endpoint" })).json();

  expect(response).toMatchObject({
    token_type: "bearer",
    expires_in: 1800,
    scope: "ReadAccounts ReadCallLog ReadCallRecording Analytics",
    owner_id: "62264425016",
    endpoint_id: "my-endpoint",
    session_id: expect.any(String),
  });
  expect(response).not.toHaveProperty("refresh_token");
});

test("a token may be requested with fewer scopes or a shorter life, but never with more", async () => {
  await using lab = await openLab();

  const less = await (await lab.exchange({ scope: "ReadCallLog", access_token_ttl: "60" })).json();

  expect(less).toMatchObject({ scope: "ReadCallLog", expires_in: 600 });
  expect((await lab.exchange({ scope: "ReadCallLog EditCallLog" })).status).toBe(400);
});

test("a 401 gives its reason: no header, a corrupted token, an unknown one, an expired one", async () => {
  await using lab = await openLab({ tokenLifetimeSeconds: 60 });
  await using other = await openLab();
  const token = await lab.login();
  const foreign = await other.login();
  const { url } = lab.ringCentral;
  const withToken = (bearer: string) => lab.get(account, { token: bearer });

  expect(await refusal(fetch(`${url}${account}`))).toEqual([401, "AGW-401"]);
  expect(await refusal(withToken(`${token}x`))).toEqual([401, "OAU-129"]);
  expect(await refusal(withToken(foreign))).toEqual([401, "OAU-213"]);
  expect((await withToken(token)).status).toBe(200);
  lab.ringCentral.clock.advance(60_000);
  const expired = await withToken(token);
  expect(expired.headers.has("x-rate-limit-group")).toBe(false);
  expect(expired.headers.has("rcrequestid")).toBe(true);
  expect(await expired.json()).toMatchObject({ errorCode: "TokenExpired", errors: [{ errorCode: "OAU-128" }] });
});

test("the sixth session of a user in an app closes the oldest", async () => {
  await using lab = await openLab();
  const first = await lab.login();
  for (let more = 0; more < 4; more += 1) await lab.login();
  expect((await lab.get(account, { token: first })).status).toBe(200);

  await lab.login();

  expect(await refusal(lab.get(account, { token: first }))).toEqual([401, "OAU-213"]);
  expect(lab.ringCentral.counters().evictions).toBe(1);
});

test("sessions that have expired evict no other", async () => {
  await using lab = await openLab({ tokenLifetimeSeconds: 60 });
  for (let times = 0; times < 5; times += 1) await lab.login();
  lab.ringCentral.clock.advance(61_000);

  for (let times = 0; times < 5; times += 1) await lab.login();

  expect(lab.ringCentral.counters().evictions).toBe(0);
});

test("evictSessions kills every token at once", async () => {
  await using lab = await openLab();
  expect((await lab.get(account)).status).toBe(200);

  lab.ringCentral.evictSessions();

  expect(await refusal(lab.get(account))).toEqual([401, "OAU-213"]);
  expect(lab.ringCentral.counters()).toMatchObject({ evictions: 1, unauthorized: 1 });
});

test("revoking needs a token, accepts an unknown one, and ends the session of a known one", async () => {
  await using lab = await openLab();
  const { url, credential } = lab.ringCentral;
  const revoke = (token: string) =>
    fetch(`${url}/restapi/oauth/revoke`, {
      method: "POST",
      headers: { authorization: basic(credential.clientId, credential.clientSecret) },
      body: new URLSearchParams({ token }),
    });
  const token = await lab.login();

  expect(await refusal(revoke(""))).toEqual([400, "CMN-101"]);
  expect((await revoke("U1BDunknown")).status).toBe(200);
  expect((await revoke(token)).status).toBe(200);

  expect(await refusal(lab.get(account, { token }))).toEqual([401, "OAU-213"]);
  expect(lab.ringCentral.counters().revocations).toBe(1);
});

test("if refresh tokens are switched on, a refresh replaces both tokens of the session", async () => {
  await using lab = await openLab({ issueRefreshTokens: true });
  const old = (await (await lab.exchange()).json()) as {
    readonly access_token: string;
    readonly refresh_token: string;
  };
  const grant = { grant_type: "refresh_token", refresh_token: old.refresh_token };

  const renewed = (await (await lab.exchange(grant)).json()) as { readonly access_token: string };

  expect(await refusal(lab.get(account, { token: old.access_token }))).toEqual([401, "OAU-213"]);
  expect((await lab.get(account, { token: renewed.access_token })).status).toBe(200);
  expect(await refusal(lab.exchange(grant))).toEqual([400, "OAU-210"]);
});

test("`secrets` returns the client secret, the JWT and every token, valid or not", async () => {
  await using lab = await openLab();
  const tokens = [await lab.login(), await lab.login()];
  lab.ringCentral.evictSessions();

  const { clientSecret, jwt } = lab.ringCentral.credential;

  expect(lab.ringCentral.secrets()).toEqual([clientSecret, jwt, ...tokens]);
});
