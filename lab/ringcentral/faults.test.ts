import { expect, test } from "vitest";
import type { Fault } from "./faults.ts";
import { type Listing, openLab, refusal } from "./open-lab.ts";

const callLog = "/restapi/v1.0/account/~/call-log";
const account = "/restapi/v1.0/account/~";

/** A lab with one recording, "900", of a thousand bytes. */
function openWith(...faults: readonly Fault[]) {
  const call = { id: "call", startTime: "2026-11-04T12:00:00Z", recording: { id: "900", bytes: 1_000 } };
  return openLab({ faults, account: { calls: { perDay: 0 }, plannedCalls: [call] } });
}

async function lengthOf(response: Response): Promise<number> {
  return (await response.arrayBuffer()).byteLength;
}

test("a fault strikes the matching requests for which it was planned, and no others", async () => {
  await using lab = await openWith({ on: "callLog", what: { status: 503 }, after: 1, times: 2 });
  const statuses: number[] = [];

  for (let sent = 0; sent < 4; sent += 1) statuses.push((await lab.get(callLog)).status);

  expect(statuses).toEqual([200, 503, 503, 200]);
  expect((await lab.get(account)).status).toBe(200);
  expect(lab.ringCentral.counters().faults).toBe(2);
});

test("a permanent fault ends when the plan is cleared", async () => {
  await using lab = await openWith({ on: "account", what: { status: 503 }, times: "always" });
  const status = async () => (await lab.get(account)).status;

  const struck = [await status(), await status()];
  lab.ringCentral.clearFaults();

  expect(struck).toEqual([503, 503]);
  expect(await status()).toBe(200);
});

test("faults match by path, by method and by recording", async () => {
  await using lab = await openWith(
    { on: "/call-recording", what: { status: 500 } },
    { on: { recordingId: "901" }, what: { status: 500 }, times: "always" },
    { on: { method: "DELETE" }, what: { status: 500 }, times: "always" },
    { on: { endpoint: "callLog", path: "page=2" }, what: { status: 500 } },
  );

  expect((await lab.get(`${account}/call-recording`)).status).toBe(500);
  expect((await lab.get(lab.contentUri("900"))).status).toBe(200);
  expect((await lab.get(lab.contentUri("901"))).status).toBe(500);
  expect((await lab.get(`${callLog}?page=1`)).status).toBe(200);
  expect((await lab.get(`${callLog}?page=2`)).status).toBe(500);
});

test("a planned status comes with its documented body, or with its own and its headers", async () => {
  await using lab = await openWith(
    { on: "account", what: { status: 503, headers: { "retry-after": "15" } } },
    { on: "account", what: { status: 500, body: "a proxy's page" } },
    { on: "account", what: { status: 403 } },
    { on: "account", what: { status: 401 } },
    { on: "account", what: { status: 429, rateHeaders: false } },
  );

  const unavailable = await lab.get(account);
  expect(unavailable.headers.get("retry-after")).toBe("15");
  expect(unavailable.headers.get("x-rate-limit-group")).toBe("light");
  expect(await refusal(unavailable)).toEqual([503, "CMN-201"]);
  expect(await (await lab.get(account)).json()).toBe("a proxy's page");
  expect(await refusal(lab.get(account))).toEqual([403, "CMN-408"]);
  const unauthorized = await lab.get(account);
  expect(unauthorized.headers.has("x-rate-limit-group")).toBe(false);
  expect(await refusal(unauthorized)).toEqual([401, "OAU-213"]);
  const bare = await lab.get(account);
  expect(bare.headers.has("x-rate-limit-group")).toBe(false);
  expect(await refusal(bare)).toEqual([429, "CMN-301"]);
});

test("a planned status names the parameter of the endpoint that returns it", async () => {
  const everywhere = (status: number): Fault => ({ on: "/v1.0/", what: { status }, times: 3 });
  await using lab = await openWith(everywhere(404), everywhere(400));
  const paths = [callLog, account, `${account}/recording/900`];
  const responses: unknown[] = [];

  for (const path of [...paths, ...paths]) responses.push(await (await lab.get(path)).json());

  const errorFor = (errorCode: string, parameterName: string) => ({ errors: [{ errorCode, parameterName }] });
  expect(responses).toMatchObject([
    errorFor("CMN-102", "accountId"),
    errorFor("CMN-102", "accountId"),
    errorFor("CMN-102", "callRecordingId"),
    errorFor("CMN-101", "dateFrom"),
    errorFor("CMN-101", "accountId"),
    errorFor("CMN-101", "callRecordingId"),
  ]);
});

test("a planned refusal of the token endpoint has OAuth's form", async () => {
  const faults = [400, 401].map((status): Fault => ({ on: "token", what: { status } }));
  await using lab = await openWith(...faults);
  const responses: unknown[] = [];

  for (const _ of faults) responses.push(await (await lab.exchange()).json());

  expect(responses).toMatchObject([{ error: "invalid_request" }, { error: "invalid_client" }]);
});

test("a planned status without a documented body has none", async () => {
  await using lab = await openWith({ on: "account", what: { status: 502 } });

  const response = await lab.get(account);

  expect([response.status, await response.text()]).toEqual([502, ""]);
});

test("a recording is refused alone or with all others, for a time or for ever", async () => {
  const recordings = ["900", "901", "902"].map((id) => ({ id, bytes: 10 }));
  const faults: readonly Fault[] = [
    { on: { endpoint: "recordingContent", recordingId: "900" }, what: { status: 403 }, times: "always" },
    { on: { endpoint: "recordingContent", recordingId: "901" }, what: { status: 404 }, times: 2 },
    { on: "recordingContent", after: 9, what: { status: 403 }, times: "always" },
  ];
  const plannedCalls = recordings.map((recording, hour) => ({
    id: `call ${hour}`,
    startTime: `2026-11-04T1${hour}:00:00Z`,
    recording,
  }));
  await using lab = await openLab({ faults, account: { calls: { perDay: 0 }, plannedCalls } });
  const rounds: (readonly number[])[] = [];

  for (let round = 0; round < 4; round += 1) {
    const statuses: number[] = [];
    for (const { id } of recordings) statuses.push((await lab.get(lab.contentUri(id))).status);
    rounds.push(statuses);
  }

  expect(rounds).toEqual([
    [403, 404, 200],
    [403, 404, 200],
    [403, 200, 200],
    [403, 403, 403],
  ]);
});

test("a planned 429 blocks its whole group until the penalty is over", async () => {
  await using lab = await openWith({ on: "callLog", what: { status: 429, penaltyMs: 5_000 } });

  const struck = await lab.get(callLog);
  const silenced = await lab.get(lab.contentUri("900"));
  lab.ringCentral.clock.advance(61_000);

  expect(struck.headers.get("retry-after")).toBe("5");
  expect(struck.headers.get("x-rate-limit-remaining")).toBe("0");
  expect([struck.status, silenced.status]).toEqual([429, 429]);
  expect((await lab.get(callLog)).status).toBe(200);
  expect(lab.ringCentral.counters()).toMatchObject({ limited: 2, insidePenalty: 1 });
});

test("an eviction makes the request that it strikes a 401, and a new login helps", async () => {
  await using lab = await openWith({ on: "callLog", what: "evict" });
  const token = await lab.login();

  expect(await refusal(lab.get(callLog, { token }))).toEqual([401, "OAU-213"]);
  expect((await lab.get(callLog, { token: await lab.login() })).status).toBe(200);
});

test("a dropped exchange was not carried out, and a lost one was", async () => {
  await using lab = await openWith({ on: "token", what: "drop" }, { on: "token", what: "lostResponse" });

  await expect(lab.exchange()).rejects.toThrow();
  expect(lab.ringCentral.secrets()).toHaveLength(2);
  await expect(lab.exchange()).rejects.toThrow();
  expect(lab.ringCentral.secrets()).toHaveLength(3);
  expect((await lab.exchange()).status).toBe(200);

  const outcomes = lab.ringCentral.counters().tokenExchanges.map(({ outcome }) => outcome);
  expect(outcomes).toEqual(["fault", "lost", "issued"]);
});

test("a cut body ends half way, after its full length was announced", async () => {
  await using lab = await openWith({ on: "recordingContent", what: "cut" });
  let received = 0;

  const response = await lab.get(lab.contentUri("900"));
  const reading = (async () => {
    for await (const chunk of response.body ?? []) received += chunk.length;
  })();

  await expect(reading).rejects.toThrow();
  expect(response.headers.get("content-length")).toBe("1000");
  expect(received).toBe(500);
});

test("a body of the wrong length ends cleanly, with no length or with the short one", async () => {
  await using lab = await openWith(
    { on: "recordingContent", what: { wrongLength: "chunked" } },
    { on: "recordingContent", what: { wrongLength: "declared" } },
  );

  const chunked = await lab.get(lab.contentUri("900"));
  const declared = await lab.get(lab.contentUri("900"));

  expect([chunked.headers.get("content-length"), await lengthOf(chunked)]).toEqual([null, 500]);
  expect([declared.headers.get("content-length"), await lengthOf(declared)]).toEqual(["500", 500]);
  expect(await lengthOf(await lab.get(lab.contentUri("900")))).toBe(1_000);
});

test("JSON replaces the audio, with status 200", async () => {
  await using lab = await openWith({ on: "recordingContent", what: "jsonAsAudio" });

  const response = await lab.get(lab.contentUri("900"));

  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch("application/json");
  expect(await response.json()).toHaveProperty("errorCode");
});

test("a stall sends headers and nothing more, slow headers never come, and a stop ends both", async () => {
  const lab = await openWith({ on: "recordingContent", what: "stall" }, { on: "account", what: "slowHeaders" });

  const stalled = await lab.get(lab.contentUri("900"));
  const neverAnswered = lab.get(account);
  neverAnswered.catch(() => {});
  expect(stalled.headers.get("content-length")).toBe("1000");
  while (lab.ringCentral.counters().byEndpoint.account !== 1) await new Promise(setImmediate);
  await lab.ringCentral.stop();

  await expect(stalled.arrayBuffer()).rejects.toThrow();
  await expect(neverAnswered).rejects.toThrow();
});

test("redirects and next pages lead wherever the plan says", async () => {
  await using lab = await openWith(
    { on: "recordingContent", what: { redirect: "http://evil.example/audio" } },
    { on: "callLog", what: { hostileNextPage: "http://evil.example/next" } },
  );

  const redirected = await lab.get(lab.contentUri("900"));
  const page = (await (await lab.get(callLog)).json()) as Listing;

  expect([redirected.status, redirected.headers.get("location")]).toEqual([302, "http://evil.example/audio"]);
  expect(page.navigation.nextPage?.uri).toBe("http://evil.example/next");
});

test("a member of a response is null or missing if the plan says so", async () => {
  await using lab = await openWith(
    { on: "callLog", what: { nulls: ["navigation", "paging.page", "no.such"] } },
    { on: "callLog", what: { lacks: ["navigation.firstPage"] } },
  );

  const nulls = await (await lab.get(callLog)).json();
  const lacks = await (await lab.get(callLog)).json();

  expect(nulls).toMatchObject({ navigation: null, paging: { page: null, perPage: 100 } });
  expect(lacks).toMatchObject({ navigation: {}, paging: { page: 1 } });
});

test("a fault strikes only in its time span", async () => {
  const lab = await openWith({
    on: "account",
    times: "always",
    what: { status: 503 },
    from: "2026-11-06T05:00:00Z",
    until: "2026-11-06T06:00:00Z",
  });
  const status = async () => (await lab.get(account)).status;
  const statuses = [await status()];

  for (const hour of [1, 1]) {
    lab.ringCentral.clock.advance(hour * 3_600_000);
    statuses.push(await status());
  }

  expect(statuses).toEqual([200, 503, 200]);
  await lab[Symbol.asyncDispose]();
});

test("changed limits hold at once, and requests that others have used up are gone", async () => {
  const limits = { heavy: { limit: 3, windowMs: 60_000, penaltyMs: 60_000 } };
  const call = { id: "call", startTime: "2026-11-04T12:00:00Z" };
  await using lab = await openLab({ limits, account: { calls: { perDay: 0 }, plannedCalls: [call] } });
  const remaining = async () => (await lab.get(callLog)).headers.get("x-rate-limit-remaining");
  const seen = [await remaining()];

  lab.ringCentral.setLimits({ heavy: { limit: 10, windowMs: 60_000, penaltyMs: 60_000 } });
  seen.push(await remaining());
  lab.ringCentral.useUp("heavy", 5);
  seen.push(await remaining());

  expect(seen).toEqual(["2", "8", "2"]);
});
