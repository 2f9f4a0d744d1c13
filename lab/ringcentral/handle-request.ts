import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import type { LabClock } from "../clock.ts";
import type { Moment, Observers } from "../observers.ts";
import { type Admission, type AdmitOptions, type ApiCall, admit } from "./admit.ts";
import { type CorruptedResponse, corruptResponse, replacesWork } from "./corrupt-response.ts";
import type { TokenOutcome } from "./counters.ts";
import { type Endpoint, type Host, matchEndpoint } from "./endpoint.ts";
import { invalidUri } from "./errors.ts";
import type { FaultPlan, LateEffect, RequestFacts } from "./faults.ts";
import { type LabResponse, Refusal } from "./lab-response.ts";

export interface ApiOptions extends AdmitOptions {
  readonly endpoints: readonly Endpoint[];
  readonly faults: FaultPlan;
  readonly observers: Observers<RequestFacts>;
}

/** A request as it arrives, over HTTP or in process. */
export interface Arrival {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Aborted when the caller has gone away. */
  readonly gone: AbortSignal;
}

/** The response to a request, and how it is sent. */
export interface Outgoing extends CorruptedResponse {
  readonly headers: OutgoingHttpHeaders;
}

/** Responds to one request as RingCentral would, or as a fault requires. */
export async function handleRequest(options: ApiOptions, host: Host, arrival: Arrival): Promise<Outgoing> {
  const { method, url, headers, body, gone } = arrival;
  const usual = () => usualHeaders(options.clock);
  const match = matchEndpoint(options.endpoints, { method, pathname: url.pathname, host });
  if (!match) return { response: invalidUri(), delivery: "whole", headers: usual() };
  const { endpoint, params } = match;
  const call = { endpoint, request: { method, url, params, headers, body }, host };
  return { ...(await respondToCall(options, call, gone)), headers: usual() };
}

function usualHeaders(clock: LabClock): OutgoingHttpHeaders {
  return {
    date: new Date(clock.now()).toUTCString(),
    rcrequestid: randomUUID(),
    routingkey: "LAB01P01",
    "content-language": "en-US",
  };
}

async function respondToCall(options: ApiOptions, call: ApiCall, gone: AbortSignal): Promise<CorruptedResponse> {
  const { counters, faults, sessions, clock, observers } = options;
  const facts = factsOf(call);
  const tell = (when: Moment) => observers.tell(when, facts, gone);
  counters.request(call.endpoint.name);
  if (!(await tell("before"))) return { response: { status: 503 }, delivery: "drop" };
  if (faults.evicts(facts, clock.now())) {
    counters.add("faults");
    counters.add("evictions", sessions.evictAll());
  }
  const atMs = clock.now();
  const outcome = await admitAndWork(options, call, { facts, tell });
  const { status } = outcome.response;
  if (status === 429) counters.add("limited");
  if (status === 401) counters.add("unauthorized");
  if (call.endpoint.name === "token") counters.tokenExchange(atMs, tokenOutcome(outcome));
  return outcome;
}

interface Outcome extends CorruptedResponse {
  readonly fault: LateEffect | undefined;
}

interface Watched {
  readonly facts: RequestFacts;
  readonly tell: (when: Moment) => Promise<boolean>;
}

async function admitAndWork(options: ApiOptions, call: ApiCall, { facts, tell }: Watched): Promise<Outcome> {
  const admission = await refusalOr(() => admit(options, call));
  if ("status" in admission) return { response: admission, delivery: "whole", fault: undefined };
  const fault = options.faults.next(facts, options.clock.now());
  if (fault !== undefined) options.counters.add("faults");
  const response = replacesWork(fault) ? { status: 503 } : await refusalOr(admission.work);
  if (response.status < 400) await tell("after");
  const corrupted = corruptResponse(response, fault, call.endpoint.name);
  return {
    ...corrupted,
    response: withRateHeaders(options, call, admission, { response: corrupted.response, fault }),
    fault,
  };
}

async function refusalOr<T>(work: () => T | Promise<T>): Promise<T | LabResponse> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Refusal) return cause.response;
    throw cause;
  }
}

interface FaultyResponse {
  readonly response: LabResponse;
  readonly fault: LateEffect | undefined;
}

/** Rate headers are on every response except a 401. A planned penalty has its own. */
function withRateHeaders(
  { limiter }: ApiOptions,
  { endpoint: { group } }: ApiCall,
  { caller, rateHeaders }: Admission,
  { response, fault }: FaultyResponse,
): LabResponse {
  const status = typeof fault === "object" && "status" in fault && !("redirect" in fault) ? fault : undefined;
  const bare = status?.rateHeaders === false || (response.status === 401 && status?.rateHeaders !== true);
  const penalty =
    group && status?.penaltyMs !== undefined ? limiter.penalise(caller, group, status.penaltyMs).headers : {};
  return { ...response, headers: { ...(bare ? {} : rateHeaders), ...penalty, ...response.headers } };
}

function factsOf({ endpoint, request }: ApiCall): RequestFacts {
  const { method, url, params } = request;
  return { endpoint: endpoint.name, method, path: `${url.pathname}${url.search}`, recordingId: params.recording };
}

function tokenOutcome({ response, delivery, fault }: Outcome): TokenOutcome {
  if (replacesWork(fault)) return "fault";
  if (response.status === 429) return "limited";
  if (response.status !== 200) return "refused";
  return delivery === "drop" ? "lost" : "issued";
}
