import { type InForce, isInForce } from "../in-force.ts";
import { type EndpointName, endpointNames } from "./endpoint.ts";

/** Selects the requests of a fault. Every given member must match. */
export interface FaultMatcher {
  readonly endpoint?: EndpointName;
  readonly method?: string;
  /** A part of the path with its query. */
  readonly path?: string;
  readonly recordingId?: string;
}

/** A response that replaces the real one. */
export interface StatusFault {
  readonly status: number;
  /** @default the documented body for that status */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** With 429: milliseconds for which the whole rate group is blocked. Any request starts the penalty again. */
  readonly penaltyMs?: number;
  /** @default true, but false for 401 */
  readonly rateHeaders?: boolean;
}

/**
 * - `evict` all sessions are gone, so this request is a 401
 * - `drop` the connection breaks before any header
 * - `lostResponse` the work is done, then the connection breaks before any header
 * - `slowHeaders` nothing is ever answered
 * - `stall` headers, then silence
 * - `cut` half the promised body, then the connection breaks
 * - `jsonAsAudio` 200 with a JSON body
 * - `endless` 200 with a JSON body that never ends
 * - `trickle` a few bytes of the body at once, then a few every second of real time (or `everyMs`), without end
 * - `nulls` null instead of members, or `lacks` without them: each as `navigation.nextPage`
 * - `wrongLength` half the body and a clean end: `chunked` without a length, `declared` with the short one
 */
export type FaultEffect =
  | "evict"
  | "drop"
  | "lostResponse"
  | "slowHeaders"
  | "stall"
  | "cut"
  | "jsonAsAudio"
  | "endless"
  | "trickle"
  | { readonly trickle: { readonly everyMs: number } }
  | { readonly wrongLength: "chunked" | "declared" }
  | { readonly redirect: string; readonly status?: 301 | 302 | 303 | 307 | 308 }
  | { readonly hostileNextPage: string }
  | { readonly nulls: readonly string[] }
  | { readonly lacks: readonly string[] }
  | StatusFault;

/** A planned fault. It can be sent as JSON. */
export interface Fault extends InForce {
  /** An endpoint's name, a part of the path (with a slash in it), or several conditions. */
  readonly on: EndpointName | `/${string}` | FaultMatcher;
  readonly what: FaultEffect;
  /** @default 1 */
  readonly times?: number | "always";
  /** Number of matching requests that succeed first. @default 0 */
  readonly after?: number;
}

/** The properties of a request that faults match and observers get. */
export interface RequestFacts {
  readonly endpoint: EndpointName;
  readonly method: string;
  readonly path: string;
  readonly recordingId: string | undefined;
}

export interface FaultPlan {
  readonly add: (fault: Fault) => void;
  readonly clear: () => void;
  /** True if all sessions end as this request arrives. */
  readonly evicts: (target: RequestFacts, nowMs: number) => boolean;
  /** Returns the fault of a request that has passed every check. Each fault counts its matching requests. */
  readonly next: (target: RequestFacts, nowMs: number) => LateEffect | undefined;
}

export type LateEffect = Exclude<FaultEffect, "evict">;

interface ActiveFault<Effect> extends Fault {
  readonly what: Effect & FaultEffect;
  seen: number;
  done: number;
}

export function createFaultPlan(initial: readonly Fault[]): FaultPlan {
  const evictions: ActiveFault<"evict">[] = [];
  const others: ActiveFault<LateEffect>[] = [];
  const add = (fault: Fault) => {
    refuseUnknownEndpoint(fault);
    const { what } = fault;
    if (what === "evict") evictions.push({ ...fault, what, seen: 0, done: 0 });
    else others.push({ ...fault, what, seen: 0, done: 0 });
  };
  for (const fault of initial) add(fault);
  return {
    add,
    clear: () => {
      evictions.length = 0;
      others.length = 0;
    },
    evicts: (target, nowMs) => strike(evictions, target, nowMs) !== undefined,
    next: (target, nowMs) => strike(others, target, nowMs),
  };
}

function strike<Effect>(
  faults: readonly ActiveFault<Effect>[],
  target: RequestFacts,
  nowMs: number,
): Effect | undefined {
  const due = faults.filter((fault) => isFor(fault, target) && isInForce(fault, nowMs) && isDue(fault))[0];
  if (due) due.done += 1;
  return due?.what;
}

function isDue(fault: ActiveFault<unknown>): boolean {
  const { after = 0, times = 1 } = fault;
  fault.seen += 1;
  return fault.seen > after && (times === "always" || fault.done < times);
}

/** Rejects a misspelt fault, because it would never strike and its test would prove nothing. */
function refuseUnknownEndpoint({ on }: Fault): void {
  const endpointName = typeof on === "string" ? (on.includes("/") ? undefined : on) : on.endpoint;
  if (endpointName !== undefined && !endpointNames.includes(endpointName as EndpointName)) {
    throw new TypeError(`No endpoint of the lab is called "${endpointName}"`);
  }
}

function isFor({ on }: Fault, target: RequestFacts): boolean {
  const matcher = typeof on === "string" ? fromText(on) : on;
  return (
    (matcher.endpoint ?? target.endpoint) === target.endpoint &&
    (matcher.method ?? target.method) === target.method &&
    target.path.includes(matcher.path ?? "") &&
    (matcher.recordingId ?? target.recordingId) === target.recordingId
  );
}

function fromText(on: string): FaultMatcher {
  return on.includes("/") ? { path: on } : { endpoint: endpointNames.find((name) => name === on) };
}
