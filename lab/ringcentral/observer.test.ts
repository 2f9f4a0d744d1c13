import { expect, test } from "vitest";
import type { Moment } from "../observers.ts";
import type { Fault, RequestFacts } from "./faults.ts";
import { basic, jwtBearer, openLab } from "./open-lab.ts";

const account = "/restapi/v1.0/account/~";

/** A lab with one recording, "900". */
function openWith(...faults: readonly Fault[]) {
  const call = { id: "call", startTime: "2026-11-04T12:00:00Z", recording: { id: "900" } };
  return openLab({ faults, account: { calls: { perDay: 0 }, plannedCalls: [call] } });
}

test("an observer is notified of every request to an endpoint, on either host, before it is answered", async () => {
  await using lab = await openWith();
  const seen: RequestFacts[] = [];
  lab.ringCentral.setObserver((request) => {
    seen.push(request);
  });

  await lab.get(`${account}/call-log?page=1`);
  await lab.get(lab.contentUri("900"));
  await lab.get("/nowhere");
  await fetch(`${lab.ringCentral.url}/lab/counters`);

  expect(seen).toEqual([
    { endpoint: "token", method: "POST", path: "/restapi/oauth/token", recordingId: undefined },
    { endpoint: "callLog", method: "GET", path: `${account}/call-log?page=1`, recordingId: undefined },
    { endpoint: "recordingContent", method: "GET", path: `${account}/recording/900/content`, recordingId: "900" },
  ]);
});

test("an observer of finished requests is notified of a request after it was carried out, and of no refused one", async () => {
  await using lab = await openWith({ on: "account", what: { status: 503 } }, { on: "callLog", what: "jsonAsAudio" });
  const token = await lab.login();
  const seen: unknown[] = [];
  const note = ({ endpoint, recordingId }: RequestFacts, when: Moment) => {
    seen.push([when, recordingId ?? endpoint, lab.ringCentral.counters().downloads["900"] ?? 0]);
  };
  lab.ringCentral.setObserver(note);
  lab.ringCentral.setObserver(note, { when: "after" });

  await lab.get(lab.contentUri("900"), { token });
  await lab.get(lab.contentUri("901"), { token });
  await lab.get(account, { token });
  await lab.get(`${account}/call-log`, { token });
  await lab.get(account, { token: "wrong" });

  expect(seen).toEqual([
    ["before", "900", 0],
    ["after", "900", 1],
    ["before", "901", 1],
    ["before", "account", 1],
    ["before", "callLog", 1],
    ["before", "account", 1],
  ]);
});

test("an observer that holds a request for ever keeps it from being carried out when its caller goes away", async () => {
  await using lab = await openWith();
  const caller = new AbortController();
  lab.ringCentral.setObserver(() => {
    queueMicrotask(() => caller.abort());
    return new Promise(() => {});
  });

  const requested = fetch(`${lab.ringCentral.url}/restapi/oauth/token`, { method: "POST", signal: caller.signal });
  await expect(requested).rejects.toThrow("aborted");
  lab.ringCentral.setObserver(undefined);
  await lab.login();

  expect(lab.ringCentral.counters()).toMatchObject({
    byEndpoint: { token: 2 },
    tokenExchanges: [{ outcome: "issued" }],
  });
});

test("an observer of finished requests is notified even if the response is then lost", async () => {
  await using lab = await openWith({ on: "token", what: "lostResponse" });
  const seen: string[] = [];
  lab.ringCentral.setObserver(({ endpoint }) => void seen.push(endpoint), { when: "after" });

  await expect(lab.exchange()).rejects.toThrow();

  expect(seen).toEqual(["token"]);
});

test("an observer of finished requests can kill the caller, which never gets the response", async () => {
  await using lab = await openWith();
  const { url, credential } = lab.ringCentral;
  const caller = new AbortController();
  lab.ringCentral.setObserver(() => caller.abort(), { when: "after" });

  const requested = fetch(`${url}/restapi/oauth/token`, {
    method: "POST",
    signal: caller.signal,
    headers: { authorization: basic(credential.clientId, credential.clientSecret) },
    body: new URLSearchParams({ grant_type: jwtBearer, assertion: credential.jwt }),
  });

  await expect(requested).rejects.toThrow("aborted");
  expect(lab.ringCentral.secrets()).toHaveLength(3);
});
