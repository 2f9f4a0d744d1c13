import type { LabClock } from "../clock.ts";

export type RateGroup = "light" | "medium" | "heavy" | "auth";

export interface RateLimit {
  readonly limit: number;
  readonly windowMs: number;
  readonly penaltyMs: number;
}

/** Per user, app and minute (RingCentral guide: rate limits). */
export const realLimits: Readonly<Record<RateGroup, RateLimit>> = {
  light: { limit: 50, windowMs: 60_000, penaltyMs: 60_000 },
  medium: { limit: 40, windowMs: 60_000, penaltyMs: 60_000 },
  heavy: { limit: 10, windowMs: 60_000, penaltyMs: 60_000 },
  auth: { limit: 5, windowMs: 60_000, penaltyMs: 60_000 },
};

/** Requests a second of one address, whatever their group; not to be raised (RingCentral's slides: rate limits). */
export const realRequestsPerSecond = 20;

export interface RateVerdict {
  readonly allowed: boolean;
  /** True if the request came during a penalty, and so restarted it. */
  readonly insidePenalty: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RateLimiter {
  /** Counts one request of the address. Returns false if it is one too many. Everything comes from one address here. */
  readonly admitAddress: () => boolean;
  /** Counts one request of `caller` against its group. */
  readonly admit: (caller: string, group: RateGroup) => RateVerdict;
  /** Starts a penalty for a fault and returns the verdict of the refused request. */
  readonly penalise: (caller: string, group: RateGroup, penaltyMs?: number) => RateVerdict;
  /** Changes the limits from now on. Counted requests stay counted. */
  readonly setLimits: (limits: Partial<Record<RateGroup, RateLimit>>) => void;
  /** Adds requests of other clients to every caller that has already used the group. */
  readonly useUp: (group: RateGroup, requests: number) => void;
}

interface Bucket {
  readonly admittedMs: number[];
  silentUntilMs: number;
}

export interface RateLimiterOptions {
  readonly clock: LabClock;
  readonly limits: Readonly<Record<RateGroup, RateLimit>>;
  readonly requestsPerSecond: number;
}

export function createRateLimiter({ clock, limits: initial, requestsPerSecond }: RateLimiterOptions): RateLimiter {
  let limits = initial;
  const buckets = new Map<string, Bucket>();
  const addressMs: number[] = [];

  const bucketOf = (caller: string, group: RateGroup): Bucket => {
    const key = `${group} ${caller}`;
    const bucket = buckets.get(key) ?? { admittedMs: [], silentUntilMs: -Infinity };
    buckets.set(key, bucket);
    return bucket;
  };

  const refuse = (group: RateGroup, bucket: Bucket, penaltyMs: number): RateVerdict => {
    const insidePenalty = clock.now() < bucket.silentUntilMs;
    bucket.silentUntilMs = clock.now() + penaltyMs;
    const headers = { ...rateHeaders(group, limits[group], 0), "retry-after": wholeSeconds(penaltyMs) };
    return { allowed: false, insidePenalty, headers };
  };

  const admit: RateLimiter["admit"] = (caller, group) => {
    const { limit, windowMs, penaltyMs } = limits[group];
    const bucket = bucketOf(caller, group);
    const now = clock.now();
    const { admittedMs } = bucket;
    while (admittedMs[0] !== undefined && admittedMs[0] <= now - windowMs) admittedMs.shift();
    if (now < bucket.silentUntilMs || admittedMs.length >= limit) return refuse(group, bucket, penaltyMs);
    admittedMs.push(now);
    return {
      allowed: true,
      insidePenalty: false,
      headers: rateHeaders(group, limits[group], limit - admittedMs.length),
    };
  };

  return {
    admitAddress: () => {
      const now = clock.now();
      while (addressMs[0] !== undefined && addressMs[0] <= now - 1_000) addressMs.shift();
      if (addressMs.length >= requestsPerSecond) return false;
      addressMs.push(now);
      return true;
    },
    admit,
    penalise: (caller, group, penaltyMs = limits[group].penaltyMs) => refuse(group, bucketOf(caller, group), penaltyMs),
    setLimits: (changed) => {
      limits = { ...limits, ...changed };
    },
    useUp: (group, requests) => {
      const callers = [...buckets.keys()].flatMap((key) =>
        key.startsWith(`${group} `) ? [key.slice(group.length + 1)] : [],
      );
      for (const caller of callers) for (let sent = 0; sent < requests; sent++) admit(caller, group);
    },
  };
}

function rateHeaders(group: RateGroup, { limit, windowMs }: RateLimit, remaining: number): Record<string, string> {
  return {
    "x-rate-limit-group": group,
    "x-rate-limit-limit": String(limit),
    "x-rate-limit-remaining": String(remaining),
    "x-rate-limit-window": wholeSeconds(windowMs),
  };
}

function wholeSeconds(ms: number): string {
  return String(Math.ceil(ms / 1000));
}
