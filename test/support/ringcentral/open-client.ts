import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { createClock } from "../../../lab/clock.ts";
import { type RingCentral, type RingCentralOptions, startRingCentral } from "../../../lab/ringcentral/server.ts";
import { Pause } from "../../../shared/core/async/pause.ts";
import { JobError } from "../../../shared/errors.ts";
import { parseCredential } from "../../../shared/ringcentral/auth/credential.ts";
import { createTokenBroker, type TokenBroker } from "../../../shared/ringcentral/auth/token-broker.ts";
import { createTokenExchange } from "../../../shared/ringcentral/auth/token-exchange.ts";
import { type Client, createClient } from "../../../shared/ringcentral/http/client.ts";
import { createRateGates } from "../../../shared/ringcentral/http/rate-gate.ts";
import type { Timeouts } from "../../../shared/ringcentral/http/timeouts.ts";
import { createMemoryRecord } from "./memory-record.ts";

export interface OpenClient {
  readonly ringCentral: RingCentral;
  readonly client: Client;
  readonly broker: TokenBroker;
  /** Lengths of waits within the slice; the lab's clock advanced by them at once. */
  readonly sleeps: readonly number[];
  readonly now: () => number;
}

const scopes = ["ReadAccounts", "ReadCallLog", "ReadCallRecording"];

/** Opens the product's client, broker and gates for a lab's RingCentral, for one test. */
export async function openClient(options: RingCentralOptions = {}, timeouts?: Timeouts): Promise<OpenClient> {
  const clock = createClock(new Date("2026-11-04T08:30:00Z"));
  const account = { firstDay: "2026-11-01", timeZone: "America/New_York", ...options.account };
  const ringCentral = await startRingCentral({ ...options, clock, account });
  onTestFinished(() => ringCentral.stop());
  const sleeps: number[] = [];
  const now = () => new Date(clock.now());
  const sleep = async (ms: number) => {
    sleeps.push(ms);
    clock.advance(ms);
  };
  const broker = createTokenBroker({
    readCredential: async () => parseCredential(JSON.stringify(ringCentral.credential), now()),
    records: () => record,
    exchange: createTokenExchange({ scopes, fetch }),
    revoke: async () => false,
    scope: scopes.join(" "),
    now,
    sleep,
    nonce: randomUUID,
    isManual: () => false,
    onExchange: () => {},
  });
  const record = createMemoryRecord();
  const gates = createRateGates(now);
  const server = ringCentral.url;
  const client = createClient({
    server,
    broker,
    gates,
    fetch,
    pace: async () => {},
    now,
    sleep,
    onResponse: () => {},
    timeouts,
  });
  return { ringCentral, client, broker, sleeps, now: clock.now };
}

/** Returns the error of the work. Fails the test if there is none. */
export async function errorOf(work: Promise<unknown>): Promise<Error> {
  const ended = await work.then(
    () => new Error("no error came"),
    (error: unknown) => error,
  );
  if (ended instanceof Error) return ended;
  throw ended;
}

export async function pauseOf(work: Promise<unknown>): Promise<Pause> {
  const error = await errorOf(work);
  if (error instanceof Pause) return error;
  throw error;
}

export async function jobErrorOf(work: Promise<unknown>): Promise<JobError> {
  const error = await errorOf(work);
  if (error instanceof JobError) return error;
  throw error;
}

/** Opens a host that is not RingCentral's, with the requests that it received. */
export async function openForeignHost() {
  const seen: { readonly path: string; readonly authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url ?? "", authorization: request.headers.authorization });
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://localhost:${port}`, seen };
}
