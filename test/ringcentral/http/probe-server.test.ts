import { expect, test } from "vitest";
import { probeServer } from "../../../shared/ringcentral/http/probe-server.ts";

/** Probes a server with this `fetch`, on a clock that advances by 5 ms at each look. */
function probe(fetch: typeof globalThis.fetch) {
  let ms = 0;
  const nowMs = () => {
    ms += 5;
    return ms;
  };
  return probeServer({ server: "https://platform.example.com", fetch, nowMs });
}

const failing = (error: unknown) => probe(() => Promise.reject(error));

test("the failure of the network is named by its code, never by its message", async () => {
  const refused = Object.assign(new TypeError("fetch failed"), { cause: { code: "ENOTFOUND", message: "secret" } });

  expect(await failing(refused)).toEqual({ type: "failed", failure: "ENOTFOUND" });
  expect(await failing(new TypeError("secret"))).toEqual({ type: "failed", failure: "TypeError" });
  expect(await failing("secret")).toEqual({ type: "failed", failure: "unknown" });
  expect(await failing(new DOMException("secret", "TimeoutError"))).toEqual({
    ...{ type: "failed", failure: "no answer in 10 s" },
  });
});

test.each([
  [500, { type: "failed", failure: "it answered 500" }],
  [503, { type: "failed", failure: "it answered 503" }],
  [499, { type: "reached", ms: 5 }],
  [200, { type: "reached", ms: 5 }],
])("a server that answers %i is %j", async (status, expected) => {
  expect(await probe(async () => new Response("{}", { status }))).toEqual(expected);
});

test("the request needs no token and follows no redirect", async () => {
  const sent: unknown[] = [];
  await probe(async (url, init) => {
    sent.push([String(url), init?.redirect, Object.keys(init?.headers ?? {})]);
    return new Response("{}");
  });

  expect(sent).toEqual([["https://platform.example.com/restapi", "manual", ["user-agent"]]]);
});
