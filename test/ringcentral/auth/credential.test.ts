import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { JobError } from "../../../shared/errors.ts";
import {
  type Credential,
  daysUntilExpiry,
  jwtDates,
  parseCredential,
} from "../../../shared/ringcentral/auth/credential.ts";
import { jwtWith } from "../../support/ringcentral/credentials.ts";

const now = new Date("2026-11-04T08:30:00Z");
const seconds = (date: string) => Date.parse(date) / 1000;
const jwt = jwtWith({ exp: seconds("2093-11-17"), aud: "https://platform.ringcentral.com/restapi/oauth/token" });
const good = { clientId: "the-client-id", clientSecret: "the-client-secret", jwt };

const parse = (fields: unknown): Credential =>
  parseCredential(typeof fields === "string" ? fields : JSON.stringify(fields), now);

function refusalOf(fields: unknown): JobError {
  try {
    parse(fields);
  } catch (error) {
    if (error instanceof JobError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("a credential is refused", () => {
  test("with every invalid field named at once", () => {
    const { message, code, hint } = refusalOf({ clientId: " ", jwt: "only.two", server: "http://example.com" });

    expect(code).toBe("CREDENTIAL_INVALID");
    expect(message).toContain("clientId: is empty");
    expect(message).toContain("clientSecret: expected string");
    expect(message).toContain("jwt: does not have three parts");
    expect(message).toContain("server: expected an https URL");
    expect(hint).toContain("clientSecret");
  });

  const invalid: readonly [string, object, string][] = [
    ["without a client id", { clientId: undefined }, "clientId: expected string"],
    ["with an empty client secret", { clientSecret: "" }, "clientSecret: is empty"],
    ["without a JWT", { jwt: undefined }, "jwt: expected the token"],
    ["with a JWT that is a number", { jwt: 12 }, "jwt: expected the token"],
    ["with a JWT of two parts", { jwt: "a.b" }, "jwt: does not have three parts"],
    ["with an empty JWT", { jwt: "" }, "jwt: does not have three parts"],
    [
      "with a JWT that a line break cuts",
      { jwt: `${jwt.slice(0, 30)}\n${jwt.slice(30)}` },
      "jwt: contains white space",
    ],
    ["with a JWT that ends in a blank", { jwt: `${jwt} ` }, "jwt: contains white space"],
    ["with two JWTs", { jwt: { one: jwt, two: jwt } }, "jwt: has 2 tokens, keep one"],
    ["with an object of no JWT", { jwt: {} }, "jwt: has 0 tokens"],
    ["with an expired JWT", { jwt: jwtWith({ exp: seconds("2026-11-04T08:30:00Z") }) }, "jwt: expired on 2026-11-04"],
    ["with a JWT for another host", { server: "https://platform.ringcentral.biz" }, "jwt: was made for another host"],
    ["with a server by plain http", { server: "http://platform.ringcentral.com" }, "server: expected an https URL"],
    [
      "with a server with a path",
      { server: "https://platform.ringcentral.com/restapi" },
      "server: expected an https URL",
    ],
    ["with a server with a user", { server: "https://me@platform.ringcentral.com" }, "server: expected an https URL"],
    [
      "with a server with a password",
      { server: "https://:word@platform.ringcentral.com" },
      "server: expected an https URL",
    ],
    ["with a JWT that expired before all calendars", { jwt: jwtWith({ exp: -1e300 }) }, "jwt: expired, make a new one"],
    ["with a server that is no address", { server: "platform.ringcentral.com" }, "server: expected an https URL"],
    [
      "with a misspelt server, which would be left out",
      { server: undefined, sever: "https://platform.devtest.ringcentral.com" },
      "sever: is not a known field; did you mean server?",
    ],
    ["with a server that is no text", { server: 443 }, "server: expected string"],
  ];

  test.each(invalid)("%s", (_what, fields, expected) => {
    expect(refusalOf({ ...good, ...fields }).message).toContain(expected);
  });

  test.each(["", "not JSON", "{", "null", "[]", '"text"', "12"])("if the secret is %j", (secret) => {
    expect(refusalOf(secret).code).toBe("CREDENTIAL_INVALID");
  });

  test.each(invalid)("%s, without quoting a value", (_what, fields) => {
    const error = refusalOf({ ...good, clientId: "do-not-quote", clientSecret: "do-not-quote", ...fields });

    const printed = JSON.stringify(error) + inspect(error, { depth: 9 });
    expect(printed).not.toContain("do-not-quote");
    expect(printed).not.toContain(jwt.slice(20, 60));
  });

  test("that is not valid JSON, without quoting it", () => {
    const error = refusalOf(`{"clientSecret":"do-not-quote",}`);

    expect(JSON.stringify(error) + inspect(error, { depth: 9 })).not.toContain("do-not-quote");
  });
});

describe("a credential is read", () => {
  test("with RingCentral's production as the default server", () => {
    const { server, clientId, clientSecret, jwt: token } = parse(good);

    expect(server).toBe("https://platform.ringcentral.com");
    expect([clientId, clientSecret.reveal(), token.reveal()]).toEqual([good.clientId, good.clientSecret, jwt]);
  });

  test("with white space around client id and secret removed", () => {
    const { clientId, clientSecret } = parse({ ...good, clientId: " id\n", clientSecret: "\tsecret " });

    expect([clientId, clientSecret.reveal()]).toEqual(["id", "secret"]);
  });

  test("with the JWT in the form of the Developer Console's download", () => {
    expect(parse({ ...good, jwt: { "my service user": jwt } }).jwt.reveal()).toBe(jwt);
  });

  test.each([
    ["that says nothing of itself", jwtWith({})],
    ["whose claims cannot be read", "opaque.to.us"],
    ["whose audience is no address", jwtWith({ aud: "ringcentral" })],
    [
      "that is for several hosts, ours among them",
      jwtWith({ aud: ["https://x.example", "https://platform.ringcentral.com/y"] }),
    ],
    ["that never expires", jwtWith({ exp: seconds("2093-11-17") })],
  ])("with a JWT %s, because RingCentral decides whether it is valid", (_what, token) => {
    expect(parse({ ...good, jwt: token }).jwt.reveal()).toBe(token);
  });

  test.each([
    ["https://platform.ringcentral.com/", "https://platform.ringcentral.com"],
    ["https://platform.ringcentral.com:443", "https://platform.ringcentral.com"],
    ["https://PLATFORM.ringcentral.com", "https://platform.ringcentral.com"],
    ["http://127.0.0.1:4000", "http://127.0.0.1:4000"],
    ["http://localhost:4000", "http://localhost:4000"],
    ["http://[::1]:4000", "http://[::1]:4000"],
  ])("with the server %s as %s", (server, origin) => {
    expect(parse({ ...good, jwt: jwtWith({}), server }).server).toBe(origin);
  });

  test("without printing its secrets", () => {
    const credential = parse(good);

    const printed = [
      JSON.stringify(credential),
      inspect(credential, { depth: 9, showHidden: true }),
      `${credential.jwt}`,
    ];
    expect(printed.join()).not.toContain(good.clientSecret);
    expect(printed.join()).not.toContain(jwt);
  });
});

describe("the remaining days of a JWT", () => {
  const left = (claims: object) => daysUntilExpiry(parse({ ...good, jwt: jwtWith(claims) }), now);

  test("are whole days, and 0 on its last", () => {
    expect(left({ exp: now.getTime() / 1000 + 14 * 86_400 })).toBe(14);
    expect(left({ exp: now.getTime() / 1000 + 14 * 86_400 - 1 })).toBe(13);
    expect(left({ exp: now.getTime() / 1000 + 1 })).toBe(0);
  });

  test.each([{}, { exp: "soon" }, { exp: null }])("are unknown if it does not say when it expires (%j)", (claims) => {
    expect(left(claims)).toBeUndefined();
  });
});

describe("the dates of a JWT", () => {
  const dates = (claims: object) => jwtDates(parse({ ...good, jwt: jwtWith(claims) }));

  test("are those of its claims", () => {
    const [iat, exp] = [1_700_000_000, 3_909_251_627];

    expect(dates({ iat, exp })).toEqual({ issuedAt: new Date(iat * 1000), expiresAt: new Date(exp * 1000) });
  });

  test.each([{}, { iat: "soon", exp: null }, { iat: 1e300, exp: 1e300 }])(
    "are unknown if it does not say (%j)",
    (claims) => {
      expect(dates(claims)).toEqual({ issuedAt: undefined, expiresAt: undefined });
    },
  );
});
