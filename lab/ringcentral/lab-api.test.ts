import { expect, test } from "vitest";
import { openLab, refusal } from "./open-lab.ts";

const account = "/restapi/v1.0/account/~";

const post = (url: string, body?: unknown) =>
  fetch(url, { method: "POST", body: body === undefined ? undefined : JSON.stringify(body) });

test("the truth over HTTP equals the truth in process, for all days and for one", async () => {
  await using lab = await openLab({ account: { calls: { perDay: 10 } } });
  const { url } = lab.ringCentral;

  const all = (await (await fetch(`${url}/lab/truth`)).json()) as object;
  const one = (await (await fetch(`${url}/lab/truth?day=2026-11-03`)).json()) as { readonly days: object };

  const truth = JSON.parse(JSON.stringify(lab.ringCentral.truth())) as object;
  expect({ ...all, now: "" }).toEqual({ ...truth, now: "" });
  expect(Object.keys(one.days)).toEqual(["2026-11-03"]);
  expect(truth).toMatchObject({ accountId: "37439510", timeZone: "America/Los_Angeles" });
});

test("the truth ends with today, and today with the calls that have ended", async () => {
  await using lab = await openLab();

  const { days } = lab.ringCentral.truth();

  expect(Object.keys(days)[0]).toBe("2026-10-29");
  expect(Object.keys(days).at(-1)).toBe("2026-11-05");
  const today = days["2026-11-05"]?.recordIds.length ?? 0;
  expect(today).toBeGreaterThan(50);
  expect(today).toBeLessThan(100);
});

test("a truth once returned does not change under its reader", async () => {
  await using lab = await openLab();
  const { clock, truth } = lab.ringCentral;
  const returned = truth();

  clock.advance(24 * 60 * 60 * 1000);

  expect(returned.days["2026-11-05"]?.recordIds.length).toBeLessThan(100);
  expect(truth().days["2026-11-05"]?.recordIds).toHaveLength(100);
});

test("faults can be planned, sessions evicted and counters read over HTTP", async () => {
  await using lab = await openLab();
  const { url } = lab.ringCentral;
  await lab.get(account);

  await post(`${url}/lab/faults`, [{ on: "account", what: { status: 500 } }]);
  expect((await lab.get(account)).status).toBe(500);
  await post(`${url}/lab/evict`);
  expect(await refusal(lab.get(account))).toEqual([401, "OAU-213"]);

  const counters = await (await fetch(`${url}/lab/counters`)).json();
  expect(counters).toEqual(lab.ringCentral.counters());
  expect(counters).toMatchObject({ requests: 4, faults: 1, evictions: 1 });
});

test("a fault for an endpoint that does not exist is refused", async () => {
  await using lab = await openLab();
  const misspelt = { on: "calllog", what: "drop" };

  expect((await post(`${lab.ringCentral.url}/lab/faults`, misspelt)).status).toBe(400);
  expect((await post(`${lab.ringCentral.url}/lab/faults`, { ...misspelt, on: "callLog" })).status).toBe(204);
});

test("a request to the lab itself costs nothing and is not counted", async () => {
  await using lab = await openLab();
  const before = lab.ringCentral.counters();

  await fetch(`${lab.ringCentral.url}/lab/counters`);

  expect((await fetch(`${lab.ringCentral.url}/lab/nothing`)).status).toBe(404);
  expect(lab.ringCentral.counters()).toEqual(before);
});
