import { expect, test } from "vitest";
import { JobError } from "../../../shared/errors.ts";
import type { TokenBroker } from "../../../shared/ringcentral/auth/token-broker.ts";
import type { RateGate } from "../../../shared/ringcentral/http/rate-gate.ts";
import { errorOf, pauseOf } from "../../support/ringcentral/open-client.ts";
import { clientTo, server } from "../../support/ringcentral/scripted-client.ts";

const start = Date.parse("2026-11-04T08:30:00Z");
const heavy = { group: "heavy" } as const;
const rateHeaders = { "x-rate-limit-limit": "10", "x-rate-limit-remaining": "1", "x-rate-limit-window": "60" };

/** Creates a client with an action during the fetch of its token. Every response has one more remaining request. */
function clientWith(broker: Partial<Pick<TokenBroker, "token" | "server" | "accept">>, status = 200) {
  const { client, requested } = clientTo(() => new Response("{}", { status, headers: rateHeaders }), {
    broker: {
      token: async () => "token",
      server: async () => server,
      accept: () => {},
      renew: async () => false,
      ...broker,
    },
    now: () => new Date(start),
  });
  return { client, gate: client.gate("heavy"), requests: () => requested.length };
}

/** True if the last slot is released. */
async function placeIsFree(gate: RateGate): Promise<boolean> {
  return gate.acquire().then(
    () => true,
    () => false,
  );
}

test("a request that gets no token releases its slot", async () => {
  const refused = async () => {
    throw new JobError("CREDENTIAL_REFUSED", "refused");
  };
  const { client, gate, requests } = clientWith({ token: refused });

  const error = await errorOf(client.sendText("/restapi", heavy));

  expect(error).toMatchObject({ code: "CREDENTIAL_REFUSED" });
  expect([requests(), await placeIsFree(gate)]).toEqual([0, true]);
});

test("a request whose group was blocked while it got its token is not sent into the penalty", async () => {
  const until = new Date(start + 40_000);
  const { client, gate, requests } = clientWith({
    token: async () => {
      gate.blockFor(40_000);
      return "token";
    },
  });

  const pauses = [await pauseOf(client.sendText("/restapi", heavy)), await pauseOf(gate.acquire())];

  expect(pauses.map((pause) => [pause.reason, pause.until])).toEqual(Array(2).fill(["rate-limited", until]));
  expect(requests()).toBe(0);
});

test("a token for another server, to which the credential was rotated, is not sent to the old one", async () => {
  let rotated = false;
  const { client, gate, requests } = clientWith({
    server: async () => (rotated ? "https://platform.devtest.example.com" : server),
  });
  await client.sendText("/restapi", heavy);
  rotated = true;

  const pause = await pauseOf(client.sendText("/restapi", heavy));

  expect([pause.reason, pause.until]).toEqual(["token", new Date(start)]);
  expect([requests(), await placeIsFree(gate)]).toEqual([1, true]);
});

test.each([
  [200, ["token"]],
  [403, ["token"]],
  [404, ["token"]],
  [401, []],
])("a response %i makes the client report that RingCentral accepted the token: %j", async (status, expected) => {
  const accepted: string[] = [];
  const { client } = clientWith({ accept: (token) => void accepted.push(token) }, status);

  await client.sendText("/restapi", heavy).catch(() => undefined);

  expect(accepted).toEqual(expected);
});
