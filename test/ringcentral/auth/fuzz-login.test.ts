import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Pause } from "../../../shared/core/async/pause.ts";
import { JobError } from "../../../shared/errors.ts";
import { parseCredential } from "../../../shared/ringcentral/auth/credential.ts";
import { createTokenBroker, type TokenBrokerOptions } from "../../../shared/ringcentral/auth/token-broker.ts";
import { createTokenExchange, type ExchangeToken } from "../../../shared/ringcentral/auth/token-exchange.ts";
import { nextMove, TokenRecord } from "../../../shared/ringcentral/auth/token-record.ts";
import { createTokenSeal } from "../../../shared/ringcentral/auth/token-seal.ts";
import { credentialOf, jwtWith } from "../../support/ringcentral/credentials.ts";
import {
  expectDocumented,
  expectNotMentioned,
  expectPrototypesUntouched,
} from "../../support/ringcentral/documented-ends.ts";
import { jsonText, mutated, planted } from "../../support/ringcentral/hostile-json.ts";
import { hostileResponses } from "../../support/ringcentral/hostile-responses.ts";
import { createMemoryRecord, type MemoryRecord } from "../../support/ringcentral/memory-record.ts";

const start = Date.parse("2026-11-04T08:30:00Z");
const credential = credentialOf("first");
const scope = "ReadCallLog";
const runs = { numRuns: 200 };

/** Creates a broker of this record, with its current time. */
function brokerBeside(record: MemoryRecord, exchange: ExchangeToken, options: Partial<TokenBrokerOptions> = {}) {
  let time = start;
  const broker = createTokenBroker({
    readCredential: async () => credential,
    records: () => record,
    exchange,
    revoke: async () => true,
    scope,
    now: () => new Date(time),
    sleep: async (ms) => {
      time += ms;
    },
    nonce: () => `nonce ${time}`,
    isManual: () => false,
    onExchange: () => {},
    ...options,
  });
  return { broker, now: () => time };
}

test("for any response of the token endpoint, a login ends with a token that is a valid header, or a documented error", async () => {
  const token = { access_token: "U0pDMDFQMTNQQVMwMHx", token_type: "bearer", expires_in: 3600, scope: "ReadCallLog" };
  const options = { usual: { "content-type": "application/json" }, hangs: false };
  const responses = hostileResponses(token, options);

  await fc.assert(
    fc.asyncProperty(fc.array(responses, { minLength: 1, maxLength: 3 }), async (list) => {
      let turn = 0;
      const response = async () => (await list[turn++ % list.length]?.({})) ?? Response.error();
      const record = createMemoryRecord();
      const { broker, now } = brokerBeside(record, createTokenExchange({ scopes: [], fetch: response }));

      try {
        expect(await broker.token()).toMatch(/^[\x21-\x7e]+$/);
      } catch (error) {
        expectDocumented(error, now());
      }

      expect(TokenRecord.safeParse(JSON.parse(JSON.stringify(record.value()))).success).toBe(true);
      expectPrototypesUntouched();
    }),
    runs,
  );
});

describe("for any shared record,", () => {
  const instants = fc.oneof(
    fc.integer({ min: -7_200, max: 7_200 }).map((seconds) => new Date(start + seconds * 1000).toISOString()),
    fc
      .date({ noInvalidDate: true, min: new Date("0001-01-01"), max: new Date("9999-12-31") })
      .map((at) => at.toISOString()),
  );
  const codes = fc.constantFrom("OAU-213", "HTTP_400", "unknown");
  const states = fc.oneof(
    fc.record({ type: fc.constant("idle" as const) }),
    fc.record({ type: fc.constant("exchanging" as const), since: instants }),
    fc.record({ type: fc.constant("failed" as const), code: codes, at: instants, until: instants }),
  );
  const seal = createTokenSeal(credential);
  const known = fc.record(
    {
      token: fc.record({ sealed: fc.string(), expiresAt: instants, renewAt: instants }),
      refusal: fc.record({ code: codes, at: instants, until: instants }),
    },
    { requiredKeys: [] },
  );
  const records = fc.record(
    {
      nonce: fc.string(),
      credential: fc.constantFrom(seal.fingerprint, "another's"),
      exchanges: fc.array(instants, { maxLength: 8 }),
      failures: fc.array(instants, { maxLength: 3 }),
      scopes: fc.dictionary(fc.constantFrom(scope, "Analytics"), known),
      state: states,
    },
    { requiredKeys: ["nonce", "credential", "exchanges", "scopes", "state"] },
  );
  const example = {
    nonce: "n",
    credential: seal.fingerprint,
    exchanges: ["2026-11-04T08:29:50.000Z"],
    scopes: {
      [scope]: {
        token: { sealed: "a..b.c.d", expiresAt: "2026-11-04T09:30:00.000Z", renewAt: "2026-11-04T09:20:00.000Z" },
        refusal: { code: "OAU-213", at: "2026-11-04T08:20:00.000Z", until: "2026-11-04T09:20:00.000Z" },
      },
    },
    state: { type: "failed", code: "HTTP_503", at: "2026-11-04T08:20:00.000Z", until: "2026-11-04T09:20:00.000Z" },
  };
  const stored = fc.oneof(
    mutated(example).map((text) => TokenRecord.safeParse(jsonOf(text)).data),
    records.map((record) => TokenRecord.parse(record)),
  );

  test("a token comes, or a documented error within the hour", async () => {
    const exchange: ExchangeToken = async () => ({ type: "token", token: { value: "T1", expiresInMs: 3_600_000 } });

    await fc.assert(
      fc.asyncProperty(stored, fc.boolean(), async (value, isManual) => {
        const record = createMemoryRecord();
        if (value) record.set(value);
        else record.corrupt();
        const { broker, now } = brokerBeside(record, exchange, { isManual: () => isManual });

        try {
          expect(await broker.token()).toBe("T1");
        } catch (error) {
          expectDocumented(error, now());
        }
      }),
      runs,
    );
  });

  test("no login waits longer than an hour and the difference of clocks, and no refusal lasts longer than its hour", () => {
    fc.assert(
      fc.property(records, fc.boolean(), (record, isManual) => {
        const move = nextMove(record, scope, new Date(start), isManual);

        if (move.type === "wait") expectDocumented(new Pause(move.until, "token"), start);
        if (move.type !== "refused") return;
        expect(Math.abs(Date.parse(record.scopes[scope]?.refusal?.at ?? "") - start)).toBeLessThanOrEqual(60 * 60_000);
      }),
      runs,
    );
  });

  test("a token that another credential sealed is not unsealed, and changed content is not believed", async () => {
    const sealed = await seal.seal("T1");
    const changed = fc
      .tuple(fc.nat({ max: sealed.length - 1 }), fc.string({ maxLength: 3 }))
      .map(([at, text]) => sealed.slice(0, at) + text + sealed.slice(at + 1));

    await fc.assert(
      fc.asyncProperty(fc.string(), changed, async (text, altered) => {
        expect(await seal.open(text)).toBeUndefined();
        // The last character of a part may be another and mean the same bytes.
        expect(["T1", undefined]).toContain(await seal.open(altered));
      }),
      runs,
    );
  });
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe("for any content of the secret,", () => {
  const secret = "do-not-quote";
  const claims = mutated({ exp: 1_900_000_000, aud: ["https://platform.ringcentral.com/restapi/oauth/token"] });
  const jwts = claims.map((text) =>
    jwtWith({}).replace(/\.[^.]*\./, () => `.${Buffer.from(text).toString("base64url")}.`),
  );
  const whole = (jwt: unknown) => ({
    clientId: "id",
    clientSecret: secret,
    jwt,
    server: "https://platform.ringcentral.com",
  });
  const secrets = fc.oneof(
    jwts.map((jwt) => JSON.stringify(whole(jwt))),
    mutated(whole(jwtWith({}))),
    mutated(whole({ [planted]: jwtWith({}) })),
    jsonText,
    fc.string({ unit: "binary" }),
  );

  test("it is a credential, or an error that names the invalid field and quotes nothing", () => {
    fc.assert(
      fc.property(secrets, (text) => {
        try {
          const { server, clientId, jwt } = parseCredential(text, new Date(start));
          expect([new URL(server).origin, clientId.trim(), jwt.reveal().split(".").length]).toEqual([
            server,
            clientId,
            3,
          ]);
        } catch (error) {
          if (!(error instanceof JobError) || error.code !== "CREDENTIAL_INVALID") throw error;
          expectNotMentioned([...planted.split("."), secret], `${error.message} ${JSON.stringify(error)}`);
        }
        expectPrototypesUntouched();
      }),
      { numRuns: 600 },
    );
  });
});
