import { expect, test } from "vitest";
import { labNow, type OpenLab, openLab } from "./open-lab.ts";
import { openRingCentral } from "./server.ts";

const heavy = "/restapi/v1.0/account/~/recording/0";
const light = "/restapi/v1.0/account/~";

/** Returns the statuses of the given number of requests, sent one after another. */
async function statuses(lab: OpenLab, path: string, times: number): Promise<readonly number[]> {
  const seen: number[] = [];
  for (let sent = 0; sent < times; sent += 1) seen.push((await lab.get(path)).status);
  return seen;
}

test("the eleventh Heavy request of a minute is refused with a penalty of a minute", async () => {
  await using lab = await openLab({ limits: {} });
  expect(await statuses(lab, heavy, 10)).toEqual(Array(10).fill(404));

  const refused = await lab.get(heavy);

  expect(refused.status).toBe(429);
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    "retry-after": "60",
    "x-rate-limit-group": "heavy",
    "x-rate-limit-limit": "10",
    "x-rate-limit-remaining": "0",
    "x-rate-limit-window": "60",
  });
  expect(await refused.json()).toEqual({
    errorCode: "CMN-301",
    message: "Request rate exceeded",
    errors: [{ errorCode: "CMN-301", message: "Request rate exceeded" }],
  });
});

test("a request inside the penalty starts it again", async () => {
  await using lab = await openLab({ limits: {} });
  const { clock, counters } = lab.ringCentral;
  await statuses(lab, heavy, 11);

  clock.advance(59_000);
  expect(await statuses(lab, heavy, 1)).toEqual([429]);
  clock.advance(59_000);
  expect(await statuses(lab, heavy, 1)).toEqual([429]);
  clock.advance(60_001);
  expect(await statuses(lab, heavy, 1)).toEqual([404]);

  expect(counters()).toMatchObject({ limited: 3, insidePenalty: 2 });
});

test("the window slides: each request is available again when it is a window old", async () => {
  await using lab = await openLab({ limits: { heavy: { limit: 2, windowMs: 10_000, penaltyMs: 10_000 } } });
  const remaining = async () => (await lab.get(heavy)).headers.get("x-rate-limit-remaining");
  const { clock } = lab.ringCentral;

  expect(await remaining()).toBe("1");
  clock.advance(6_000);
  expect(await remaining()).toBe("0");
  clock.advance(5_000);
  expect(await remaining()).toBe("0");
  clock.advance(20_000);
  expect(await remaining()).toBe("1");
});

test("each group has its own bucket, and a penalty of one leaves the others alone", async () => {
  await using lab = await openLab({ limits: {} });
  await statuses(lab, heavy, 11);

  const response = await lab.get(light);

  expect(response.status).toBe(200);
  expect(response.headers.get("x-rate-limit-group")).toBe("light");
  expect(response.headers.get("x-rate-limit-remaining")).toBe("49");
});

test("all sessions of a user and app share one bucket", async () => {
  await using lab = await openLab({ limits: {} });
  await statuses(lab, heavy, 10);

  const response = await lab.get(heavy, { token: await lab.login() });

  expect(response.status).toBe(429);
});

test("the sixth login of a minute is refused, and failed logins count", async () => {
  await using lab = await openLab({ limits: {} });
  for (let times = 0; times < 5; times += 1) expect((await lab.exchange({ assertion: "broken" })).status).toBe(400);

  const sixth = await lab.exchange();

  expect(sixth.status).toBe(429);
  expect(sixth.headers.get("x-rate-limit-group")).toBe("auth");
  const outcomes = lab.ringCentral.counters().tokenExchanges.map(({ outcome }) => outcome);
  expect(outcomes).toEqual([...Array(5).fill("refused"), "limited"]);
});

test("windows shorter than a second are announced as one second", async () => {
  await using lab = await openLab({ limits: { heavy: { limit: 1, windowMs: 400, penaltyMs: 1_200 } } });
  await lab.get(heavy);

  const refused = await lab.get(heavy);

  expect(refused.headers.get("x-rate-limit-window")).toBe("1");
  expect(refused.headers.get("retry-after")).toBe("2");
});

test("counters know every Heavy request by its time, so that dead time can be computed", async () => {
  await using lab = await openLab({ limits: { heavy: { limit: 1, windowMs: 60_000, penaltyMs: 60_000 } } });
  const { clock, counters } = lab.ringCentral;
  const before = clock.now();
  await statuses(lab, heavy, 2);
  clock.advance(60_000);
  await statuses(lab, heavy, 1);

  const { heavyRequests, byGroup, byEndpoint } = counters();

  expect(heavyRequests.map(({ limited }) => limited)).toEqual([false, true, false]);
  const [first, , third] = heavyRequests.map(({ atMs }) => atMs);
  expect(first).toBeGreaterThanOrEqual(before);
  expect((third ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(60_000);
  expect(byGroup).toMatchObject({ heavy: 3, light: 0, auth: 1 });
  expect(byEndpoint).toMatchObject({ recording: 3, token: 1 });
});

test("the twenty-first request of a second is refused for half a minute, whatever its group, without rate headers", async () => {
  let nowMs = labNow.getTime();
  const clock = { now: () => nowMs, advance: () => undefined, offsetMs: () => 0 };
  const limits = { auth: { limit: 100, windowMs: 60_000, penaltyMs: 60_000 } };
  const { fetch, url, counters } = await openRingCentral({ clock, limits });
  const send = () => fetch(`${url}/restapi/oauth/authorize`);
  const first = await Promise.all(Array.from({ length: 20 }, send));
  nowMs += 999;
  const refused = await send();
  nowMs += 1;

  const isRefused = [...first, refused, await send()].map(({ status }) => status === 429);
  expect(isRefused).toEqual([...Array(20).fill(false), true, false]);
  expect(Object.fromEntries(refused.headers)).toMatchObject({ "retry-after": "30" });
  expect([...refused.headers.keys()].filter((name) => name.startsWith("x-rate-limit"))).toEqual([]);
  expect(counters().limited).toBe(1);
});
