import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { LabClock } from "../clock.ts";
import { whenGone } from "../gone-signal.ts";
import type { Observers } from "../observers.ts";
import { AwsError } from "./aws-error.ts";
import type { Counting } from "./counters.ts";
import type { FaultPlan } from "./faults.ts";
import type { AwsCall, OpenedCall, Service, ServiceResponse, WireRequest } from "./wire.ts";

export interface ExchangeWorld {
  readonly clock: LabClock;
  readonly faults: FaultPlan;
  readonly counting: Counting;
  readonly observers: Observers<AwsCall>;
}

/** Returns AWS's response, or that of a planned fault; undefined if the connection is to be closed. */
export async function handleRequest(
  request: WireRequest,
  service: Service,
  world: ExchangeWorld,
): Promise<ServiceResponse | undefined> {
  const requestId = randomUUID();
  const response = await carryOut(request, { service, requestId }, world);
  if (!response) return undefined;
  const always = { date: new Date(world.clock.now()).toUTCString(), ...service.headers(requestId) };
  return { ...response, headers: { ...always, ...response.headers } };
}

interface Exchange {
  readonly service: Service;
  readonly requestId: string;
}

async function carryOut(
  request: WireRequest,
  { service, requestId }: Exchange,
  world: ExchangeWorld,
): Promise<ServiceResponse | undefined> {
  let call: AwsCall | undefined;
  try {
    const opened = await service.open(request);
    call = opened.call;
    world.counting.requested(call);
    if (!(await world.observers.tell("before", call, request.gone))) return undefined;
    return await performUnderPlan(opened, request.gone, world);
  } catch (error) {
    const refusal = asAwsError(error, request);
    world.counting.refused(call, refusal);
    const { headers, body } = service.refusal(refusal, requestId);
    return { status: refusal.status, headers: { ...headers, ...refusal.headers }, body };
  }
}

async function performUnderPlan(
  opened: OpenedCall,
  gone: AbortSignal,
  world: ExchangeWorld,
): Promise<ServiceResponse | undefined> {
  const fault = world.faults.next(opened.call, world.clock.now());
  if (fault === "drop") return undefined;
  if (fault === "stall") {
    await whenGone(gone);
    return undefined;
  }
  if (typeof fault === "object") throw new AwsError(fault.status, fault.code, "The lab's plan of faults says so.");
  const response = await opened.perform();
  world.counting.done(response);
  const wanted = await world.observers.tell("after", opened.call, gone);
  if (wanted && fault !== "lostResponse") return response;
  if (response.body instanceof Readable) response.body.destroy();
  return undefined;
}

function asAwsError(error: unknown, { method, url, gone }: WireRequest): AwsError {
  if (error instanceof AwsError) return error;
  if (!gone.aborted) console.error(`The lab's AWS failed at ${method} ${url}:`, error);
  return new AwsError(500, "InternalError", "We encountered an internal error. Please try again.");
}
