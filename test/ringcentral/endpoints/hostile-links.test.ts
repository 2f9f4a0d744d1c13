import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { JobError } from "../../../shared/errors.ts";
import { fetchCallLogPage } from "../../../shared/ringcentral/endpoints/call-log.ts";
import { openRecordingStream } from "../../../shared/ringcentral/endpoints/recording.ts";
import type { Client } from "../../../shared/ringcentral/http/client.ts";
import { jobErrorOf } from "../../support/ringcentral/open-client.ts";
import { bearer, clientTo, inOrder, type ScriptedClient, server } from "../../support/ringcentral/scripted-client.ts";

const firstPage = `${server}/restapi/v1.0/account/~/call-log`;
const rateHeaders = { "x-rate-limit-limit": "10", "x-rate-limit-remaining": "9", "x-rate-limit-window": "60" };
const tenMegabytes = `${server}/${"a".repeat(10_000_000)}`;

/** Complete URLs to which no token may go. */
const elsewhere = [
  ["another host", "https://evil.example/restapi/v1.0/account/~/call-log?page=2"],
  ["another host, ours before an @", "https://platform.example.com@evil.example/"],
  ["our own host with a user", "https://user:password@platform.example.com/restapi"],
  ["our own host with a user and no password", "https://user@platform.example.com/restapi"],
  ["our own host by plain http", "http://platform.example.com/restapi"],
  ["our own host at another port", "https://platform.example.com:8443/restapi"],
  ["a script", "javascript:alert(1)"],
  ["a file", "file:///etc/passwd"],
  ["data", "data:application/json,{}"],
] as const;

/** Invalid URLs, whose meaning can only be guessed. */
const incomplete = [
  ["a path", "/restapi/v1.0/account/~/call-log?page=2"],
  ["a relative path", "page2"],
  ["a host without a scheme", "//evil.example/restapi"],
  ["a query", "?page=2"],
  ["nothing", ""],
  ["ten megabytes", tenMegabytes],
  ["half an address", "https://["],
] as const;

function page(nextPage: unknown): Response {
  return Response.json({ records: [], navigation: { nextPage: { uri: nextPage } } }, { headers: rateHeaders });
}

/** Returns the error of a walk of the listing to its end. */
function walking(client: Client): Promise<JobError> {
  const walk = async () => {
    for (let url: string | undefined = firstPage; url !== undefined; ) url = (await fetchCallLogPage(client, url)).next;
  };
  return jobErrorOf(walk());
}

/** Returns the error of fetching a recording in the last slot, and whether that slot is released. */
async function fetching(contentUri: string) {
  const sentHeaders = { ...rateHeaders, "x-rate-limit-remaining": "1" };
  const scripted = clientTo(inOrder(new Response("{}", { headers: sentHeaders })));
  const { client } = scripted;
  await client.sendText(firstPage, { group: "heavy" });
  await client.gate("heavy").acquire();
  const error = await jobErrorOf(openRecordingStream(client, contentUri));
  return {
    scripted,
    error,
    placeIsFree: await client
      .gate("heavy")
      .acquire()
      .then(
        () => true,
        () => false,
      ),
  };
}

/** Expects this number of requests to RingCentral and none to others, and a short error without secrets. */
function expectHarmless({ requested }: ScriptedClient, requests: number, error: JobError): void {
  expect(requested.map(({ url }) => url.origin)).toEqual(Array(requests).fill(server));
  expect(inspect(error, { depth: 9 })).not.toContain(bearer);
  expect(JSON.stringify(error).length).toBeLessThan(1_000);
}

describe("a next page that leads to", () => {
  test.each(elsewhere)("%s is not requested", async (_where, link) => {
    const scripted = clientTo(inOrder(page(link)));

    const error = await walking(scripted.client);

    expect(error).toMatchObject({ code: "HOST_NOT_ALLOWED", retryable: false });
    expectHarmless(scripted, 1, error);
  });

  test.each<readonly [string, unknown]>([
    ...incomplete,
    ["a number", 7],
    ["a list", [firstPage]],
    ["an object", { href: firstPage }],
  ])("%s makes the page invalid", async (_where, link) => {
    const scripted = clientTo(inOrder(page(link)));

    const error = await walking(scripted.client);

    expect(error).toMatchObject({ code: "API_BAD_RESPONSE", retryable: false });
    expect(error.message).toContain("navigation.nextPage.uri: expected");
    expectHarmless(scripted, 1, error);
  });

  test("itself is returned unchanged, because the walk of the listing ends loops", async () => {
    const { client } = clientTo(() => page(firstPage));

    expect((await fetchCallLogPage(client, firstPage)).next).toBe(firstPage);
  });
});

describe("a recording's URL that is", () => {
  test.each([
    ...elsewhere.map((each) => [...each, "HOST_NOT_ALLOWED"] as const),
    ...incomplete.map((each) => [...each, "API_BAD_RESPONSE"] as const),
  ])("%s is not requested, and releases its slot", async (_where, link, code) => {
    const { scripted, error, placeIsFree } = await fetching(link);

    expect(error).toMatchObject({ code, retryable: false });
    expectHarmless(scripted, 1, error);
    expect(placeIsFree).toBe(true);
  });
});

describe("a redirect to", () => {
  const redirect = (location: string) => new Response(null, { status: 302, headers: { location } });

  test.each(elsewhere)("%s is not followed", async (_where, location) => {
    const scripted = clientTo(inOrder(redirect(location)));

    const error = await walking(scripted.client);

    expect(error).toMatchObject({ code: "HOST_NOT_ALLOWED", retryable: false });
    expectHarmless(scripted, 1, error);
  });

  test.each(["//evil.example/restapi", "\\\\evil.example/restapi", "https:\\\\evil.example"])(
    "%s, a disguised other host, is not followed",
    async (location) => {
      const scripted = clientTo(inOrder(redirect(location)));

      const error = await walking(scripted.client);

      expect(error.code).toBe("HOST_NOT_ALLOWED");
      expectHarmless(scripted, 1, error);
    },
  );

  test.each([tenMegabytes, "https://["])("an invalid URL is not followed", async (location) => {
    const scripted = clientTo(inOrder(redirect(location)));

    const error = await walking(scripted.client);

    expect(error.code).toBe("API_BAD_RESPONSE");
    expectHarmless(scripted, 1, error);
  });

  test("a path is resolved against the requested host (RFC 9110 §10.2.2)", async () => {
    const { client, requested } = clientTo(inOrder(redirect("/restapi/v1.0/elsewhere"), new Response("{}")));

    expect(await client.sendText(firstPage, { group: "heavy" })).toBe("{}");
    expect(requested.map(({ url }) => url.href)).toEqual([firstPage, `${server}/restapi/v1.0/elsewhere`]);
  });
});

test("a URL whose path or query contains a number or a token is reported without them", async () => {
  const secret = "+16505550100/SJC01P13PAS00dG9rZW4";
  const { client } = clientTo(() => new Response("{}", { status: 404 }));
  const path = `/restapi/v1.0/account/37439510/${secret}?number=${secret}`;

  const error = await jobErrorOf(client.sendText(path, { group: "heavy" }));

  expect(error).toMatchObject({ code: "API_REFUSED", message: "GET /restapi/v1.0/account/…/…/… answered 404" });
});
