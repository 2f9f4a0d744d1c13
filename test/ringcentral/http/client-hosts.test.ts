import { describe, expect, test } from "vitest";
import { jobErrorOf, openClient, openForeignHost } from "../../support/ringcentral/open-client.ts";

const callLog = "/restapi/v1.0/account/~/call-log";
const account = "/restapi/v1.0/account/~";
const heavy = { group: "heavy" } as const;

describe("a URL at another host", () => {
  test("is a host that would receive any request sent to it", async () => {
    const stranger = await openForeignHost();

    await fetch(stranger.url, { headers: { authorization: "Bearer test" } });

    expect(stranger.seen).toEqual([{ path: "/", authorization: "Bearer test" }]);
  });

  test("in a redirect is not followed", async () => {
    const stranger = await openForeignHost();
    const { client } = await openClient({
      faults: [{ on: "callLog", what: { redirect: `${stranger.url}/steal-the-token?token=here` } }],
    });

    const error = await jobErrorOf(client.sendText(callLog, heavy));

    expect(error).toMatchObject({ code: "HOST_NOT_ALLOWED", retryable: false });
    expect(error.message).not.toContain("steal-the-token");
    expect(stranger.seen).toEqual([]);
  });

  test.each(["/page2", ""])("as the URL of a request (%j) is not requested, and takes no slot", async (path) => {
    const stranger = await openForeignHost();
    const { client, ringCentral } = await openClient();

    const error = await jobErrorOf(client.sendText(`${stranger.url}${path}`, heavy));
    await client.sendText(callLog, heavy);

    expect(error.code).toBe("HOST_NOT_ALLOWED");
    expect([stranger.seen, ringCentral.counters().byEndpoint.callLog]).toEqual([[], 1]);
  });
});

describe("a redirect to RingCentral's own host", () => {
  test("is followed with the token", async () => {
    const { client, ringCentral } = await openClient();
    ringCentral.plan({ on: "callLog", what: { redirect: `${ringCentral.url}${account}` } });

    expect(await client.sendText(callLog, heavy)).toContain("regionalSettings");
  });

  test("is not followed more often than the limit", async () => {
    const { client, ringCentral } = await openClient();
    ringCentral.plan({ on: "callLog", times: "always", what: { redirect: callLog } });

    const error = await jobErrorOf(client.sendText(callLog, heavy));

    expect(error.code).toBe("API_BAD_RESPONSE");
    expect(ringCentral.counters().byEndpoint.callLog).toBe(4);
  });

  test.each(["http://[", "https://"])("with an invalid URL (%j) is an error, not a crash", async (redirect) => {
    const { client } = await openClient({ faults: [{ on: "callLog", what: { redirect } }] });

    const error = await jobErrorOf(client.sendText(callLog, heavy));

    expect(error.code).toBe("API_BAD_RESPONSE");
  });
});

test("an invalid URL releases its slot, so that no other request waits for its response", async () => {
  const { client } = await openClient();
  await client.gate("heavy").acquire();

  const error = await jobErrorOf(client.send("http://[", { ...heavy, slotAcquired: true }));

  expect(error.code).toBe("API_BAD_RESPONSE");
  await expect(client.gate("heavy").acquire()).resolves.toBeUndefined();
});
