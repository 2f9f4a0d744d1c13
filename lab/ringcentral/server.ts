import type { IncomingMessage, ServerResponse } from "node:http";
import { createClock, type LabClock } from "../clock.ts";
import { goneSignal } from "../gone-signal.ts";
import type { ObserveOptions, Observer } from "../observers.ts";
import type { AccountPlan } from "./account-plan.ts";
import { type AnalyticsTruth, createAnalyticsTruth } from "./analytics/analytics-truth.ts";
import type { Counters } from "./counters.ts";
import { createWorld, type World } from "./create-world.ts";
import type { Credential } from "./credential.ts";
import { deliver } from "./deliver.ts";
import type { Host } from "./endpoint.ts";
import type { Fault, RequestFacts } from "./faults.ts";
import { createFetch } from "./fetch-in-process.ts";
import { type Arrival, handleRequest } from "./handle-request.ts";
import { handleLabRequest } from "./lab-api.ts";
import { type Listener, listen, type RequestHandler } from "./listen.ts";
import type { RateGroup, RateLimit } from "./rate-limiter.ts";
import { readText } from "./read-text.ts";
import { createTruth, type Truth } from "./truth.ts";

export interface RingCentralOptions {
  readonly clock?: LabClock;
  /** The same seed makes the same calls and the same audio. @default 1 */
  readonly seed?: number;
  readonly account?: AccountPlan;
  readonly limits?: Partial<Record<RateGroup, RateLimit>>;
  /** Of all callers together, as from one address. @default 20 */
  readonly requestsPerSecond?: number;
  /** @default 3600 */
  readonly tokenLifetimeSeconds?: number;
  /** @default false, as with real apps */
  readonly issueRefreshTokens?: boolean;
  /** @default letters and digits */
  readonly clientSecret?: string;
  /** @default 2093, the way a credential that never expires is written */
  readonly jwtExpiresAt?: Date;
  readonly faults?: readonly Fault[];
}

export interface ServerOptions extends RingCentralOptions {
  readonly port?: number;
}

/** The lab's controls, the same over HTTP and in process. */
export interface RingCentralLab {
  /** The API's host. */
  readonly url: string;
  /** The media host: another origin. */
  readonly mediaUrl: string;
  readonly credential: Credential;
  readonly clock: LabClock;
  /** The ground truth of all days, or of one day alone. */
  readonly truth: (onlyDate?: string) => Truth;
  /** The ground truth of analytics, of all days or of one day alone. */
  readonly analyticsTruth: (onlyDate?: string) => AnalyticsTruth;
  readonly counters: () => Counters;
  /** The client secret, the JWT, and every token minted so far. */
  readonly secrets: () => readonly string[];
  readonly plan: (fault: Fault) => void;
  readonly clearFaults: () => void;
  /** Creates another JWT for the same app and service user, to rotate the first. */
  readonly newCredential: () => Promise<Credential>;
  /** Observes every request to a known endpoint. */
  readonly setObserver: (observer: Observer<RequestFacts> | undefined, options?: ObserveOptions) => void;
  /** Ends all sessions, as if other containers had logged in. */
  readonly evictSessions: () => void;
  /** Changes the rate limits from now on. */
  readonly setLimits: (limits: Partial<Record<RateGroup, RateLimit>>) => void;
  /** Counts requests of other clients of the same user and app. */
  readonly useUp: (group: RateGroup, requests: number) => void;
}

export interface RingCentral extends RingCentralLab {
  readonly stop: () => Promise<void>;
}

/** The same lab without a socket. */
export interface RingCentralInProcess extends RingCentralLab {
  /** Reaches the lab's two hosts and nothing else. */
  readonly fetch: typeof fetch;
}

/** Starts a simulated RingCentral on two local ports: API and media. */
export async function startRingCentral(options: ServerOptions = {}): Promise<RingCentral> {
  const platform = await listen(options.port);
  const media = await listen();
  try {
    return await serveRingCentral(options, platform, media);
  } catch (cause) {
    await Promise.all([platform.stop(), media.stop()]);
    throw cause;
  }
}

/** Creates a simulated RingCentral in this process, under URLs that lead nowhere else. */
export async function openRingCentral(options: RingCentralOptions = {}): Promise<RingCentralInProcess> {
  const hosts = { platform: "https://platform.lab.test", media: "https://media.lab.test" };
  const world = await worldOf(options, hosts);
  return {
    ...labOf(world),
    fetch: createFetch({ hosts, handle: (host, arrival) => handleRequest(world, host, arrival) }),
  };
}

async function serveRingCentral(options: ServerOptions, platform: Listener, media: Listener): Promise<RingCentral> {
  const world = await worldOf(options, { platform: platform.url, media: media.url });
  const lab = labOf(world);
  const answering =
    (host: Host): RequestHandler =>
    async (incoming, outgoing) =>
      deliver(outgoing, await handleRequest(world, host, await arrivalOf(incoming, outgoing)));
  const serveOnPlatform = answering("platform");
  platform.serve((incoming, outgoing) =>
    incoming.url?.startsWith("/lab/") ? handleLabRequest(lab, incoming, outgoing) : serveOnPlatform(incoming, outgoing),
  );
  media.serve(answering("media"));
  return {
    ...lab,
    stop: async () => {
      await Promise.all([platform.stop(), media.stop()]);
    },
  };
}

function worldOf(options: RingCentralOptions, hosts: Readonly<Record<Host, string>>): Promise<World> {
  const { clock = createClock() } = options;
  return createWorld({ ...options, clock, platformUrl: hosts.platform, mediaUrl: hosts.media });
}

async function arrivalOf(incoming: IncomingMessage, outgoing: ServerResponse): Promise<Arrival> {
  const { method = "GET", headers } = incoming;
  const url = new URL(incoming.url ?? "/", `http://${headers.host}`);
  const gone = goneSignal(outgoing);
  return { method, url, headers, body: await readText(incoming), gone };
}

function labOf(world: World): RingCentralLab {
  const { counters, sessions, faults, observers, limiter, links, clock } = world;
  const { credential } = world.issued;
  return {
    truth: createTruth(world),
    analyticsTruth: createAnalyticsTruth(world),
    counters: counters.read,
    plan: faults.add,
    clearFaults: faults.clear,
    newCredential: async () => (await world.issueAnother()).credential,
    evictSessions: () => counters.add("evictions", sessions.evictAll()),
    setLimits: limiter.setLimits,
    useUp: limiter.useUp,
    setObserver: observers.set,
    url: links.platform,
    mediaUrl: links.media,
    credential,
    clock,
    secrets: () => [credential.clientSecret, credential.jwt, ...sessions.minted()],
  };
}
