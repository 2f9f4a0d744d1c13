import type { AwsFaultEffect } from "../../lab/aws/faults.ts";
import type { EndpointName } from "../../lab/ringcentral/endpoint.ts";
import type { FaultEffect, FaultMatcher } from "../../lab/ringcentral/faults.ts";
import type { PlannedCall } from "../../lab/ringcentral/planned-calls.ts";
import { between, pick, type Random } from "../../lab/ringcentral/random.ts";
import { addDays } from "../../shared/core/time/days.ts";
import { type JobName, jobs } from "../../shared/jobs.ts";
import { callsOn, recordingIdsOf } from "./storm-company.ts";
import {
  type AccountOfStorm,
  nightStartMs,
  type StormPlan,
  stormFirstDay,
  type Trouble,
  type TroubledItems,
} from "./storm-plan.ts";

/** Facts of the storm that a maker of troubles may use. */
export interface StormFrame extends Omit<StormPlan, "troubles"> {
  /** Epoch ms from which on no new trouble begins; only permanent ones continue. */
  readonly calmFromMs: number;
  readonly disturbedNights: number;
}

export interface MadeTroubles {
  readonly troubles: readonly Trouble[];
  /** Calls besides the company's. */
  readonly calls?: readonly PlannedCall[];
  /** @default true */
  readonly tellsLengths?: boolean;
  readonly account?: AccountOfStorm;
}

export type Make = (random: Random, frame: StormFrame) => MadeTroubles;

const minuteMs = 60_000;
const secondMs = 1_000;

/** Kinds of trouble with their weights. */
export const troubleMakers = {
  "huge day": { weight: 2, make: hugeDay },
  "bad day": { weight: 3, make: badDay },
  "bad recording": { weight: 5, make: badRecording },
  "no recording at all": { weight: 3, make: noRecordingAtAll },
  "short burst": { weight: 3, make: shortBurst },
  "long burst": { weight: 2, make: longBurst },
  outage: { weight: 3, make: outage },
  "raised limits": { weight: 2, make: raisedLimits },
  "lowered limits": { weight: 2, make: loweredLimits },
  penalty: { weight: 2, make: penalty },
  evictions: { weight: 2, make: evictions },
  "token trouble": { weight: 3, make: tokenTrouble },
  "S3 burst": { weight: 3, make: s3Burst },
  "S3 outage": { weight: 1, make: s3Outage },
  damage: { weight: 2, make: damage },
  "odd responses": { weight: 2, make: oddResponses },
  neighbours: { weight: 2, make: neighbours },
  kills: { weight: 5, make: kills },
  "wrong clock": { weight: 2, make: wrongClock },
  "no lengths": { weight: 1, make: noLengths },
  "no analytics": { weight: 2, make: noAnalytics },
} as const satisfies Record<string, { readonly weight: number; readonly make: Make }>;

/** Returns days that have ended before the first night, or some of those after. */
function someDay(random: Random): string {
  return addDays(stormFirstDay, between(random, 0, 3));
}

function someNight(random: Random, frame: StormFrame): number {
  return between(random, 0, frame.disturbedNights - 1);
}

/** Returns a time in a night: at its start or during its work. */
function inNight(random: Random, frame: StormFrame): number {
  const startMs = nightStartMs(frame, someNight(random, frame));
  return startMs + pick(random, [-5, 0, 0, 1, 5]) * minuteMs + between(random, 0, 59) * secondMs;
}

const whole = ({ calmFromMs }: StormFrame) => ({ fromMs: 0, untilMs: calmFromMs });
const forGood = { fromMs: 0, untilMs: null } as const;
const instants = ({ fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number | null }) => ({
  from: new Date(fromMs).toISOString(),
  ...(untilMs !== null && { until: new Date(untilMs).toISOString() }),
});

interface ApiTrouble extends Pick<Trouble, "kind" | "harm" | "items" | "fromMs" | "untilMs"> {
  /** Time in ms for which it has effects after its end. @default 0 */
  readonly aftermathMs?: number;
  readonly on: FaultMatcher;
  readonly what: FaultEffect;
  readonly times?: number;
  readonly after?: number;
}

function api({ on, what, times, after = 0, aftermathMs = 0, ...trouble }: ApiTrouble): Trouble {
  const untilMs = trouble.untilMs === null ? null : trouble.untilMs + aftermathMs;
  return {
    ...trouble,
    untilMs,
    type: "api",
    fault: { on, what, times: times ?? "always", after, ...instants(trouble) },
  };
}

/** The lab finds a day's listings by their first bound, which has that date in New York. */
const listingOf = (day: string): FaultMatcher => ({ endpoint: "callLog", path: `dateFrom=${day}` });

function hugeDay(random: Random): MadeTroubles {
  const day = someDay(random);
  const size = { count: 64, extraBytes: 300_000, recordedShare: 0.1, name: "h" };
  // A page as RingCentral gives it, larger than what is read at once: smaller pages bring it.
  return { troubles: [], calls: callsOn(random, day, size) };
}

function badDay(random: Random, frame: StormFrame): MadeTroubles {
  const day = someDay(random);
  const what = pick<FaultEffect>(random, [
    { status: 500 },
    { status: 500 },
    { status: 502 },
    "drop",
    "jsonAsAudio",
    { status: 400 },
  ]);
  const span = random() < 0.2 ? forGood : whole(frame);
  return {
    troubles: [api({ kind: "bad day", harm: "item", items: { days: [day] }, on: listingOf(day), what, ...span })],
  };
}

const cmn408 = {
  errorCode: "InsufficientPermissions",
  permissionName: "ReadCallRecording",
  errors: [{ errorCode: "CMN-408", permissionName: "ReadCallRecording" }],
};
const cmn102 = { errorCode: "CMN-102", errors: [{ errorCode: "CMN-102", parameterName: "recordingId" }] };

/** Responses that RingCentral may send in place of a recording. */
const insteadOfAudio = (random: Random): FaultEffect =>
  pick<FaultEffect>(random, [
    { status: 401 },
    { status: 401 },
    { status: 403, body: cmn408 },
    { status: 403, body: cmn408 },
    { status: 404, body: cmn102 },
    { status: 500 },
    "jsonAsAudio",
    { wrongLength: "chunked" },
    "cut",
  ]);

/** Makes one or two recordings unavailable for ever: far fewer than would look like all. */
function badRecording(random: Random, frame: StormFrame): MadeTroubles {
  // More than one rate window holds, so that something is left to fetch behind the bad ones.
  const size = { count: between(random, 12, 25), recordedShare: 1, name: "m" };
  const more = random() < 0.5 ? callsOn(random, someDay(random), size) : [];
  const all = recordingIdsOf([...frame.calls, ...more]);
  const [first = "", ...others] = all;
  const ids = new Set([
    pick(random, [first, ...others]),
    ...(random() < 0.3 ? [pick(random, [first, ...others])] : []),
  ]);
  const span = random() < 0.5 ? forGood : whole(frame);
  const what = insteadOfAudio(random);
  return {
    calls: more,
    troubles: [...ids].map((recordingId) =>
      api({
        ...{ kind: "bad recording", harm: "item", items: { recordings: [recordingId] }, what, ...span },
        on: { endpoint: "recordingContent", recordingId },
      }),
    ),
  };
}

function noRecordingAtAll(random: Random, frame: StormFrame): MadeTroubles {
  const what = pick<FaultEffect>(random, [
    { status: 404, body: cmn102 },
    { status: 403, body: cmn408 },
    { status: 403 },
    { status: 401 },
    { status: 500 },
    "jsonAsAudio",
    { wrongLength: "chunked" },
    "drop",
  ]);
  const items: TroubledItems = { recordings: "all" };
  const on = { endpoint: "recordingContent" } as const;
  return { troubles: [api({ kind: "no recording at all", harm: "item", items, on, what, ...whole(frame) })] };
}

const passing = (random: Random): FaultEffect =>
  pick<FaultEffect>(random, [{ status: 500 }, { status: 502 }, { status: 503 }, "drop", "lostResponse"]);
const burstEndpoint = (random: Random): EndpointName =>
  pick<EndpointName>(random, [
    "callLog",
    "recordingContent",
    "account",
    "callRecordingSettings",
    "analyticsAggregation",
    "analyticsTimeline",
  ]);

/** Makes a trouble so short that no failure counts as an item's own fault. */
function shortBurst(random: Random, frame: StormFrame): MadeTroubles {
  const span = { fromMs: inNight(random, frame), untilMs: frame.calmFromMs };
  const burst = { on: { endpoint: burstEndpoint(random) }, what: passing(random), times: between(random, 1, 8) };
  return { troubles: [api({ kind: "short burst", harm: "mild", ...burst, after: between(random, 0, 6), ...span })] };
}

function longBurst(random: Random, frame: StormFrame): MadeTroubles {
  const fromMs = inNight(random, frame);
  const burst = { on: { endpoint: burstEndpoint(random) }, what: passing(random), times: between(random, 12, 80) };
  return { troubles: [api({ kind: "long burst", harm: "severe", ...burst, fromMs, untilMs: frame.calmFromMs })] };
}

/** Makes RingCentral unavailable: for minutes, which a run waits out (it ends as unavailable after an hour), or for hours. */
function outage(random: Random, frame: StormFrame): MadeTroubles {
  const minutes = pick(random, [2, 5, 15, 30, 90, 240, 600]);
  const fromMs = inNight(random, frame);
  const untilMs = Math.min(fromMs + minutes * minuteMs, frame.calmFromMs);
  const what = pick<FaultEffect>(random, [{ status: 503 }, { status: 500 }, "drop", "slowHeaders"]);
  const on = random() < 0.7 ? { path: "/restapi/v1.0/" } : { endpoint: burstEndpoint(random) };
  return { troubles: [api({ kind: "outage", harm: minutes <= 30 ? "mild" : "severe", on, what, fromMs, untilMs })] };
}

/** Allows more parallel downloads than events are buffered, with a slow state bucket. */
function raisedLimits(random: Random, frame: StormFrame): MadeTroubles {
  const limit = between(random, 80, 200);
  const windowMs = pick(random, [2_000, 10_000, 60_000]);
  const limits = { heavy: { limit, windowMs, penaltyMs: windowMs }, light: { limit, windowMs, penaltyMs: windowMs } };
  const big = callsOn(random, someDay(random), { count: between(random, 80, 130), recordedShare: 1, name: "b" });
  const slow = {
    type: "slow",
    operation: "PutObject",
    target: "-state/events/",
    ms: between(random, 20, 90),
  } as const;
  return {
    calls: big,
    troubles: [
      { kind: "raised limits", harm: "mild", ...whole(frame), type: "limits", limits },
      { kind: "slow state", harm: "mild", ...whole(frame), ...slow },
    ],
  };
}

function loweredLimits(random: Random, frame: StormFrame): MadeTroubles {
  const limit = between(random, 2, 6);
  const limits = { heavy: { limit, windowMs: minuteMs, penaltyMs: minuteMs } };
  const span = { fromMs: inNight(random, frame), untilMs: frame.calmFromMs };
  // Of two stacks one may take all that there is, and neither knows of the other.
  const harm = frame.stacks.length > 1 ? "severe" : "mild";
  return { troubles: [{ kind: "lowered limits", harm, ...span, type: "limits", limits }] };
}

function penalty(random: Random, frame: StormFrame): MadeTroubles {
  const seconds = pick(random, [30, 60, 120, 300]);
  const what = { status: 429, penaltyMs: seconds * secondMs, headers: { "retry-after": String(seconds) } };
  const span = { fromMs: inNight(random, frame), untilMs: frame.calmFromMs };
  const endpoint = pick<EndpointName>(random, ["callLog", "recordingContent", "account", "analyticsAggregation"]);
  const after = between(random, 0, 8);
  return { troubles: [api({ kind: "penalty", harm: "mild", on: { endpoint }, what, times: 1, after, ...span })] };
}

function evictions(random: Random, frame: StormFrame): MadeTroubles {
  return {
    troubles: Array.from({ length: between(random, 1, 3) }, () => {
      const fromMs = inNight(random, frame);
      return { kind: "eviction", harm: "mild", fromMs, untilMs: fromMs + secondMs, type: "evict" } as const;
    }),
  };
}

function tokenTrouble(random: Random, frame: StormFrame): MadeTroubles {
  const on = { endpoint: "token" } as const;
  const isShort = random() < 0.5;
  const fromMs = nightStartMs(frame, someNight(random, frame)) - 5 * minuteMs;
  if (isShort) {
    const burst = { what: passing(random), times: between(random, 1, 3), fromMs, untilMs: frame.calmFromMs };
    return { troubles: [api({ kind: "token trouble", harm: "mild", on, ...burst })] };
  }
  const refused = { error: "invalid_grant", errors: [{ errorCode: "OAU-213" }] };
  const what = pick<FaultEffect>(random, [
    { status: 400, body: refused },
    { status: 401, body: { error: "invalid_client", errors: [{ errorCode: "OAU-123" }] } },
    { status: 503 },
    { status: 429, headers: { "retry-after": "60" } },
    "slowHeaders",
    "lostResponse",
  ]);
  const untilMs = fromMs + pick(random, [20, 90, 400, 1_000]) * minuteMs;
  const span = { fromMs, untilMs: Math.min(untilMs, frame.calmFromMs) };
  // A refusal holds for an hour, so that no run logs in again; four hours are enough before the calm begins.
  return { troubles: [api({ kind: "token trouble", harm: "severe", on, what, ...span, aftermathMs: 65 * minuteMs })] };
}

const s3Keys = [
  "^recordings/",
  "^calls/",
  "^manifests/",
  "^ledger/",
  "^events/",
  "^intents/",
  "^plans/",
  "^listings/",
  "^owners/",
  "^tokens/",
  "^analytics/",
  ".",
] as const;

function s3Burst(random: Random, frame: StormFrame): MadeTroubles {
  const what = pick<AwsFaultEffect>(random, [
    { status: 503, code: "SlowDown" },
    { status: 500, code: "InternalError" },
    { status: 409, code: "ConditionalRequestConflict" },
    "lostResponse",
    "drop",
    "stall",
  ]);
  // A conflict is documented for conditional writes only (S3 API reference: PutObject).
  const isConflict = typeof what === "object" && what.status === 409;
  const key = isConflict ? "^(recordings|calls|manifests|ledger|owners|tokens)/" : pick(random, s3Keys);
  const operation = isConflict
    ? "PutObject"
    : pick(random, ["PutObject", "PutObject", "GetObject", "HeadObject", "ListObjectsV2"]);
  const fault = { operation, key, what, times: between(random, 1, 5), after: between(random, 0, 12) };
  const fromMs = nightStartMs(frame, someNight(random, frame)) - minuteMs;
  return { troubles: [{ kind: "S3 burst", harm: "mild", fromMs, untilMs: frame.calmFromMs, type: "aws", fault }] };
}

function s3Outage(random: Random, frame: StormFrame): MadeTroubles {
  const fromMs = inNight(random, frame);
  const minutes = pick(random, [1, 5, 60]);
  const operation = pick(random, ["PutObject", "GetObject"]);
  const fault = { operation, key: ".", what: { status: 503, code: "SlowDown" }, times: "always", after: 0 } as const;
  const untilMs = Math.min(fromMs + minutes * minuteMs, frame.calmFromMs);
  return { troubles: [{ kind: "S3 outage", harm: "severe", fromMs, untilMs, type: "aws", fault }] };
}

/** Replaces an object, and restores it before the calm begins. */
function damage(random: Random, frame: StormFrame): MadeTroubles {
  const day = someDay(random);
  const key = pick(random, [`manifests/account=7/date=${day}.json`, `calls/account=7/date=${day}/calls.jsonl.gz`]);
  const fromMs = nightStartMs(frame, someNight(random, frame)) + 200 * minuteMs;
  const effect = { type: "damage", stack: "first", bucket: "archive", key } as const;
  const items: TroubledItems = { days: [day] };
  return { troubles: [{ kind: "damage", harm: "item", items, fromMs, untilMs: frame.calmFromMs, ...effect }] };
}

/** Makes optional members null or missing. */
function oddResponses(random: Random, frame: StormFrame): MadeTroubles {
  const [endpoint, paths] = pick<readonly [EndpointName, readonly string[]]>(random, [
    ["callLog", ["navigation.nextPage"]],
    ["callLog", ["navigation"]],
    ["callLog", ["paging"]],
    ["account", ["regionalSettings"]],
    ["callRecordingSettings", ["onDemand"]],
    ["callRecordingSettings", ["automatic.retentionPeriod"]],
  ]);
  // On any page but the last it would be no oddity: nothing else tells that there is more.
  const odd = frame.kinds.includes("huge day") && endpoint === "callLog" ? ["paging"] : paths;
  const what = random() < 0.5 ? { nulls: odd } : { lacks: odd };
  return { troubles: [api({ kind: "odd responses", harm: "mild", on: { endpoint }, what, ...whole(frame) })] };
}

function neighbours(random: Random, frame: StormFrame): MadeTroubles {
  const fromMs = inNight(random, frame);
  const group = pick(random, ["heavy", "heavy", "light"] as const);
  const effect = {
    type: "neighbour",
    group,
    requests: between(random, 1, 6),
    everyMs: between(random, 10, 50) * secondMs,
  } as const;
  // Neighbours that heed no penalty keep RingCentral from answering anybody; within the hour they are gone.
  const untilMs = Math.min(fromMs + 40 * minuteMs, frame.calmFromMs);
  return { troubles: [{ kind: "neighbours", harm: "mild", fromMs, untilMs, ...effect }] };
}

const killTargets = [
  ["PutObject", "-archive/"],
  ["PutObject", "-archive/recordings/"],
  ["PutObject", "-archive/manifests/"],
  ["PutObject", "-archive/calls/"],
  ["PutObject", "-archive/ledger/"],
  ["PutObject", "-state/index/"],
  ["PutObject", "-state/events/"],
  ["PutObject", "-state/intents/"],
  ["PutObject", "-state/tokens/"],
  ["PutObject", "-state/owners/"],
  ["PutObject", "-state/"],
  ["GET", "/call-log"],
  ["GET", "/content"],
  ["POST", "/oauth/token"],
  ["POST", "/analytics/"],
  ["PutObject", "analytics/"],
  ["PutObject", "tables/"],
] as const;

function kills(random: Random, frame: StormFrame): MadeTroubles {
  const troubles = Array.from({ length: between(random, 1, 3) }, (): Trouble => {
    const night = someNight(random, frame);
    const [operation, target] = pick<readonly [string, string]>(random, killTargets);
    const job = pick<JobName>(random, ["archive-calls", "archive-calls", ...(Object.keys(jobs) as JobName[])]);
    const stack = (frame.stacks[between(random, 0, frame.stacks.length - 1)] ?? frame.stacks[0])?.name ?? "first";
    const when = pick(random, ["before", "after"] as const);
    const late = random() < 0.5 ? { lateMs: pick(random, [10, 1_000, 70_000, 400_000]) } : {};
    const kill = { stack, job, night, operation, target, nth: between(random, 1, 6), when, ...late };
    return {
      kind: "kill",
      harm: "mild",
      fromMs: nightStartMs(frame, night),
      untilMs: frame.calmFromMs,
      type: "kill",
      kill,
    };
  });
  return { troubles };
}

function wrongClock(random: Random, frame: StormFrame): MadeTroubles {
  const errorMs = pick(random, [-26 * 60, -20, -1, 1, 7, 180]) * minuteMs;
  return { troubles: [{ kind: "wrong clock", harm: "mild", ...whole(frame), type: "clock", errorMs }] };
}

/** Sends recordings without Content-Length, so that only another request shows that nothing is missing. */
function noLengths(random: Random): MadeTroubles {
  const many = callsOn(random, someDay(random), { count: between(random, 8, 25), recordedShare: 1, name: "l" });
  return { troubles: [], calls: many, tellsLengths: false };
}

function noAnalytics(random: Random, frame: StormFrame): MadeTroubles {
  const endpoint = pick<EndpointName>(random, ["analyticsTimeline", "analyticsAggregation"]);
  const what = pick<FaultEffect>(random, [{ status: 500 }, { status: 500 }, { status: 403 }, { status: 404 }, "drop"]);
  const items = { analytics: true };
  return { troubles: [api({ kind: "no analytics", harm: "item", items, on: { endpoint }, what, ...whole(frame) })] };
}
