import { expect, onTestFinished, test } from "vitest";
import { corruptResponse } from "./corrupt-response.ts";
import { deliver } from "./deliver.ts";
import type { FaultEffect, LateEffect } from "./faults.ts";
import { listen } from "./listen.ts";
import { basic, openLab } from "./open-lab.ts";

/** Opens a lab with one recording, "900", of ten bytes, in which every download fails. */
function openWith(what: FaultEffect) {
  const call = { id: "call", startTime: "2026-11-04T12:00:00Z", recording: { id: "900", bytes: 10 } };
  const faults = [{ on: "recordingContent", what, times: "always" }] as const;
  return openLab({ faults, account: { calls: { perDay: 0 }, plannedCalls: [call] } });
}

/** Reads until the given number of bytes has come, then hangs up. */
async function firstBytes({ body }: Response, count: number): Promise<{ bytes: Buffer; pieces: number }> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body ?? []) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= count) break;
  }
  return { bytes: Buffer.concat(pieces), pieces: pieces.length };
}

test("a trickle repeats the body in pieces of a few bytes", async () => {
  await using lab = await openWith({ trickle: { everyMs: 2 } });

  const response = await lab.get(lab.contentUri("900"));
  const { bytes, pieces } = await firstBytes(response, 30);

  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("audio/mpeg");
  expect(response.headers.has("content-length")).toBe(false);
  expect(bytes.subarray(0, 3).toString()).toBe("ID3");
  expect(bytes.subarray(10, 20)).toEqual(bytes.subarray(0, 10));
  expect(pieces).toBeGreaterThan(3);
  expect(lab.ringCentral.counters().downloads).toEqual({ "900": 1 });
});

test("a trickle begins at once, whatever its pace", async () => {
  await using lab = await openWith("trickle");

  const { bytes } = await firstBytes(await lab.get(lab.contentUri("900")), 1);

  expect(bytes.toString()).toBe("ID3");
});

test("a response without a body trickles, too", async () => {
  await using lab = await openLab({ faults: [{ on: "revoke", what: { trickle: { everyMs: 2 } } }] });
  const { url, credential } = lab.ringCentral;
  const authorization = basic(credential.clientId, credential.clientSecret);
  const body = new URLSearchParams({ token: "any" });

  const response = await fetch(`${url}/restapi/oauth/revoke`, { method: "POST", headers: { authorization }, body });

  expect((await firstBytes(response, 4)).bytes.toString()).toMatch(/^ {4,}$/);
});

test("an endless body replaces the requested one with JSON that continues as long as it is read", async () => {
  await using lab = await openWith("endless");

  const response = await lab.get(lab.contentUri("900"));
  const { bytes } = await firstBytes(response, 3_000_000);

  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch("application/json");
  expect(
    JSON.parse(
      `${bytes
        .subarray(0, 1_000_000)
        .toString()
        .replace(/,[^,]*$/, "")}]}`,
    ),
  ).toHaveProperty("records.1");
  expect(lab.ringCentral.counters().downloads).toEqual({});
});

test("an endless body is made no faster than it is read", async () => {
  await using lab = await openWith("endless");
  const before = process.memoryUsage().arrayBuffers;

  const response = await lab.get(lab.contentUri("900"));
  for (let turns = 0; turns < 3_000; turns += 1) await new Promise(setImmediate);

  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000);
  await response.body?.cancel();
});

test.each([
  ["an endless body", "endless"],
  ["a trickle", { trickle: { everyMs: 2 } }],
] as const)("%s ends when its reader goes away", async (_what, fault: LateEffect) => {
  const { response, delivery } = corruptResponse({ status: 200, json: { small: true } }, fault, "account");
  const server = await listen();
  onTestFinished(server.stop);
  const { promise: delivered, resolve } = Promise.withResolvers<void>();
  server.serve(async (_incoming, outgoing) => resolve(deliver(outgoing, { response, delivery, headers: {} })));
  const reader = new AbortController();
  const { status } = await fetch(server.url, { signal: reader.signal });

  reader.abort();

  expect(status).toBe(200);
  await expect(delivered).resolves.toBeUndefined();
});
