import type { LabClock } from "../clock.ts";
import { createObservers } from "../observers.ts";
import { accountEndpoints } from "./account.ts";
import { type Analytics, createAnalytics } from "./analytics/analytics.ts";
import { analyticsEndpoints } from "./analytics/analytics-endpoints.ts";
import { type Calendar, createCalendar, dateAfter } from "./calendar.ts";
import { type CallIndex, createCallIndex } from "./call-index.ts";
import { callLogEndpoints } from "./call-log.ts";
import { createCounters } from "./counters.ts";
import { createAccount } from "./create-account.ts";
import { type IssuedCredential, issueCredential } from "./credential.ts";
import { createFaultPlan, type RequestFacts } from "./faults.ts";
import type { ApiOptions } from "./handle-request.ts";
import { createLinks, type Links } from "./links.ts";
import { oauthEndpoints } from "./oauth.ts";
import { createRateLimiter, realLimits, realRequestsPerSecond } from "./rate-limiter.ts";
import { recordingEndpoints } from "./recordings.ts";
import { createRetention, type Retention } from "./retention.ts";
import type { RingCentralOptions } from "./server.ts";
import { createSessions } from "./sessions.ts";

export interface WorldOptions extends RingCentralOptions {
  readonly clock: LabClock;
  readonly platformUrl: string;
  readonly mediaUrl: string;
}

/** Everything behind the two servers. */
export interface World extends ApiOptions {
  readonly calendar: Calendar;
  readonly calls: CallIndex;
  readonly retention: Retention;
  readonly analytics: Analytics;
  readonly links: Links;
  readonly issued: IssuedCredential;
  /** Creates another JWT for the same app and user. Earlier ones stay valid. */
  readonly issueAnother: () => Promise<IssuedCredential>;
}

export async function createWorld(options: WorldOptions): Promise<World> {
  const { clock, seed = 1, platformUrl, mediaUrl, tokenLifetimeSeconds = 3600, issueRefreshTokens = false } = options;
  const account = createAccount(options.account ?? {}, (timeZone) => aWeekAgo(timeZone, clock));
  const calendar = createCalendar(account.timeZone);
  const counters = createCounters();
  const sessions = createSessions({ clock, onEviction: () => counters.add("evictions") });
  const { requestsPerSecond = realRequestsPerSecond } = options;
  const limiter = createRateLimiter({ clock, limits: { ...realLimits, ...options.limits }, requestsPerSecond });
  const faults = createFaultPlan(options.faults ?? []);
  const observers = createObservers<RequestFacts>();
  const calls = createCallIndex({ account, calendar, seed });
  const retention = createRetention({ account, calls });
  const analytics = createAnalytics({ account, calendar, calls });
  const links = createLinks(platformUrl, mediaUrl, account.id);
  const issueAnother = () =>
    issueCredential({
      server: platformUrl,
      userId: account.userId,
      seed,
      issuedAt: new Date(clock.now()),
      clientSecret: options.clientSecret,
      jwtExpiresAt: options.jwtExpiresAt,
    });
  const issued = await issueAnother();
  const parts = {
    clock,
    account,
    calendar,
    counters,
    sessions,
    limiter,
    faults,
    observers,
    calls,
    retention,
    analytics,
    links,
    issued,
    issueAnother,
  };
  const endpoints = [
    ...oauthEndpoints({ ...parts, tokenLifetimeSeconds, issueRefreshTokens }),
    ...accountEndpoints(account, links),
    ...callLogEndpoints(parts),
    ...recordingEndpoints(parts),
    ...analyticsEndpoints(parts),
  ];
  return { ...parts, endpoints };
}

function aWeekAgo(timeZone: string, clock: LabClock): string {
  return dateAfter(createCalendar(timeZone).dateOf(clock.now()), -7);
}
