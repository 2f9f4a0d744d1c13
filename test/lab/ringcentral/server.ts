import { createClock, type LabClock } from "../clock.ts";
import type { ObserveOptions, Observer } from "../observers.ts";
import type { AccountPlan } from "./account-plan.ts";
import { type AnalyticsTruth, createAnalyticsTruth } from "./analytics/analytics-truth.ts";
import type { Counters } from "./counters.ts";
import { createWorld } from "./create-world.ts";
import type { Credential } from "./credential.ts";
import type { Fault, RequestFacts } from "./faults.ts";
import { handleRequest } from "./handle-request.ts";
import { handleLabRequest } from "./lab-api.ts";
import { type Listener, listen } from "./listen.ts";
import type { RateGroup, RateLimit } from "./rate-limiter.ts";
import { createTruth, type Truth } from "./truth.ts";

export interface RingCentralOptions {
  readonly clock?: LabClock;
  /** The same seed makes the same calls and the same audio. @default 1 */
  readonly seed?: number;
  readonly account?: AccountPlan;
  readonly limits?: Partial<Record<RateGroup, RateLimit>>;
  /** @default 3600 */
  readonly tokenLifetimeSeconds?: number;
  /** @default false, as with real apps */
  readonly issueRefreshTokens?: boolean;
  /** @default letters and digits */
  readonly clientSecret?: string;
  /** @default 2093, the way a credential that never expires is written */
  readonly jwtExpiresAt?: Date;
  readonly faults?: readonly Fault[];
  readonly port?: number;
}

export interface RingCentral {
  /** The API's host. */
  readonly url: string;
  /** The media host: another origin. */
  readonly mediaUrl: string;
  readonly credential: Credential;
  readonly clock: LabClock;
  /** Of all days, or of one as if there were no others. */
  readonly truth: (onlyDate?: string) => Truth;
  /** Likewise. */
  readonly analyticsTruth: (onlyDate?: string) => AnalyticsTruth;
  readonly counters: () => Counters;
  /** The client secret, the JWT, and every token minted so far. */
  readonly secrets: () => readonly string[];
  readonly plan: (fault: Fault) => void;
  readonly clearFaults: () => void;
  /** A second JWT for the same app and service user, as one makes to rotate the first. */
  readonly newCredential: () => Promise<Credential>;
  /** Of every request to a known endpoint. */
  readonly setObserver: (observer: Observer<RequestFacts> | undefined, options?: ObserveOptions) => void;
  /** Kills all sessions, as if other containers had logged in. */
  readonly evictSessions: () => void;
  readonly stop: () => Promise<void>;
}

/** Starts a RingCentral of our own on two local ports: API and media. */
export async function startRingCentral(options: RingCentralOptions = {}): Promise<RingCentral> {
  const platform = await listen(options.port);
  const media = await listen();
  try {
    return await openRingCentral(options, platform, media);
  } catch (cause) {
    await Promise.all([platform.stop(), media.stop()]);
    throw cause;
  }
}

async function openRingCentral(options: RingCentralOptions, platform: Listener, media: Listener): Promise<RingCentral> {
  const { clock = createClock() } = options;
  const world = await createWorld({ ...options, clock, platformUrl: platform.url, mediaUrl: media.url });
  const { counters, sessions, faults, observers } = world;
  const { credential } = world.issued;
  const lab = {
    truth: createTruth(world),
    analyticsTruth: createAnalyticsTruth(world),
    counters: counters.read,
    plan: faults.add,
    clearFaults: faults.clear,
    newCredential: async () => (await world.issueAnother()).credential,
    evictSessions: () => counters.add("evictions", sessions.evictAll()),
  };
  platform.serve((incoming, outgoing) =>
    incoming.url?.startsWith("/lab/")
      ? handleLabRequest(lab, incoming, outgoing)
      : handleRequest(world, "platform", incoming, outgoing),
  );
  media.serve((incoming, outgoing) => handleRequest(world, "media", incoming, outgoing));
  return {
    ...lab,
    setObserver: observers.set,
    url: platform.url,
    mediaUrl: media.url,
    credential,
    clock,
    secrets: () => [credential.clientSecret, credential.jwt, ...sessions.minted()],
    stop: async () => {
      await Promise.all([platform.stop(), media.stop()]);
    },
  };
}
