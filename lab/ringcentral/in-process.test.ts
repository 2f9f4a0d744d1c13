import { expect, onTestFinished, test } from "vitest";
import { createClock } from "../clock.ts";
import type { Fault, FaultEffect } from "./faults.ts";
import { basic, jwtBearer, labNow } from "./open-lab.ts";
import { openRingCentral, type RingCentralLab, type RingCentralOptions, startRingCentral } from "./server.ts";

const account = {
  calls: { perDay: 3 },
  plannedCalls: [{ id: "call", startTime: "2026-11-04T12:00:00Z", recording: { id: "900", bytes: 100_000 } }],
};

interface Reached {
  readonly lab: RingCentralLab;
  readonly fetch: typeof fetch;
}

async function overHttp(options: RingCentralOptions): Promise<Reached> {
  const lab = await startRingCentral(options);
  onTestFinished(() => lab.stop());
  return { lab, fetch };
}

async function inProcess(options: RingCentralOptions): Promise<Reached> {
  const lab = await openRingCentral(options);
  return { lab, fetch: lab.fetch };
}

const callLog =
  "/restapi/v1.0/account/~/call-log?view=Detailed&dateFrom=2026-11-04T00:00:00Z&dateTo=2026-11-05T00:00:00Z";
const content = "/restapi/v1.0/account/~/recording/900/content";

/** Long enough for any response on a busy machine, in ms. A missing response is abandoned after 0.3 s. */
const patienceMs = 30_000;
const hangingMs = 300;

/** Returns the properties of responses that a caller sees. */
async function seenBy(reach: (options: RingCentralOptions) => Promise<Reached>, faults: readonly Fault[]) {
  const reached = await reach({ clock: createClock(labNow), account, faults });
  const { url, mediaUrl, credential, counters } = reached.lab;
  const hangs = faults.some(({ what }) => what === "slowHeaders" || what === "stall");
  const see = async (address: string, init: RequestInit, timeoutMs = patienceMs) => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await reached.fetch(address, { redirect: "manual", signal, ...init });
      const { bytes, end } = await read(response);
      const seen = [response.status, response.headers.get("content-type"), response.headers.get("location"), end];
      // The addresses in it are of different lengths, so that half of it is not the same half.
      const isCut = end !== "whole" || !bytes.toString("latin1").endsWith("}");
      const body = isCut ? "" : bytes.toString("latin1");
      return { seen, body: body.replaceAll(url, "platform").replaceAll(mediaUrl, "media") };
    } catch (error) {
      return `no answer: ${nameOf(error)}`;
    }
  };
  const authorization = basic(credential.clientId, credential.clientSecret);
  const form = new URLSearchParams({ grant_type: jwtBearer, assertion: credential.jwt });
  const login = await see(`${url}/restapi/oauth/token`, { method: "POST", headers: { authorization }, body: form });
  const token = typeof login === "string" ? "" : (JSON.parse(login.body).access_token ?? "");
  const headers = { authorization: `Bearer ${token}` };
  const faulted = [`${url}${callLog}`, `${mediaUrl}${content}`];
  const responses = [];
  for (const address of faulted) responses.push(await see(address, { headers }, hangs ? hangingMs : patienceMs));
  responses.push(await see(`${url}/nowhere`, { headers }));
  const ranged = await see(`${mediaUrl}${content}`, { headers: { ...headers, range: "bytes=10-19" } });
  const { byEndpoint, limited, unauthorized } = counters();
  return {
    login: typeof login === "string" ? login : login.seen.slice(0, 2),
    responses,
    ranged,
    byEndpoint,
    limited,
    unauthorized,
  };
}

/** Reads a body as far as it comes. Returns whether the announced length came. */
async function read(response: Response): Promise<{ readonly bytes: Buffer; readonly end: string }> {
  const promised = response.headers.get("content-length") ?? undefined;
  const chunks: Uint8Array[] = [];
  const bytes = () => Buffer.concat(chunks);
  try {
    for await (const chunk of response.body ?? []) chunks.push(chunk);
  } catch (error) {
    return { bytes: bytes(), end: `${nameOf(error)} after ${chunks.length > 0 ? "some" : "none"}` };
  }
  const isWhole = promised === undefined || Number(promised) === bytes().length;
  return { bytes: bytes(), end: isWhole ? "whole" : "short" };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}

const effects: readonly FaultEffect[] = [
  "evict",
  "drop",
  "lostResponse",
  "slowHeaders",
  "stall",
  "cut",
  "jsonAsAudio",
  { wrongLength: "chunked" },
  { wrongLength: "declared" },
  { redirect: "https://elsewhere.test/" },
  { status: 429, penaltyMs: 1_000 },
  { status: 503, headers: { "retry-after": "15" } },
];

test("without faults, responses are the same in process and over HTTP", async () => {
  expect(await seenBy(inProcess, [])).toEqual(await seenBy(overHttp, []));
});

test.each(effects.map((what) => [what]))("the fault %j looks the same over HTTP and in process", async (what) => {
  const faults: readonly Fault[] = [
    { on: "callLog", what },
    { on: "recordingContent", what },
  ];

  expect(await seenBy(inProcess, faults)).toEqual(await seenBy(overHttp, faults));
});

test("no URL leads out of the process", async () => {
  const { fetch } = await openRingCentral();

  await expect(fetch("https://platform.ringcentral.com/")).rejects.toThrow("fetch failed");
});

test("a response's trickle ends when its reader goes away", async () => {
  const { fetch, url } = await openRingCentral({ faults: [{ on: "authorize", what: { trickle: { everyMs: 2 } } }] });
  const reader = new AbortController();
  const response = await fetch(`${url}/restapi/oauth/authorize`, { signal: reader.signal });

  reader.abort();

  await expect(response.text()).rejects.toThrow();
});
