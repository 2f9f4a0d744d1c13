import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { LabClock } from "../clock.ts";
import type { Observers } from "../observers.ts";
import { AwsError } from "./aws-error.ts";
import type { Counting } from "./counters.ts";
import type { FaultPlan } from "./faults.ts";
import { sendAnswer } from "./send-answer.ts";
import type { Answer, AwsCall, OpenedCall, Service } from "./wire.ts";

/** One request, and the way back. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly service: Service;
}

export interface ExchangeWorld {
  readonly clock: LabClock;
  readonly faults: FaultPlan;
  readonly counting: Counting;
  readonly observers: Observers<AwsCall>;
}

/** Answers as AWS would, or does what the plan of faults demands. */
export async function answerRequest(exchange: Exchange, world: ExchangeWorld): Promise<void> {
  const requestId = randomUUID();
  const answer = await carryOut(exchange, requestId, world);
  if (!answer) {
    exchange.request.socket.destroy();
    return;
  }
  const always = { date: new Date(world.clock.now()).toUTCString(), ...exchange.service.headers(requestId) };
  await sendAnswer(exchange.request, exchange.response, { ...answer, headers: { ...always, ...answer.headers } });
}

/** Nothing when the connection is to be closed instead of an answer. */
async function carryOut(exchange: Exchange, requestId: string, world: ExchangeWorld): Promise<Answer | undefined> {
  let call: AwsCall | undefined;
  try {
    const opened = await exchange.service.open(exchange.request);
    call = opened.call;
    world.counting.asked(call);
    if (!(await world.observers.tell("before", call, exchange.response))) return undefined;
    return await performUnderPlan(exchange, opened, world);
  } catch (error) {
    const refusal = asAwsError(error, exchange);
    world.counting.refused(call, refusal);
    const { headers, body } = exchange.service.refusal(refusal, requestId);
    return { status: refusal.status, headers: { ...headers, ...refusal.headers }, body };
  }
}

async function performUnderPlan(
  exchange: Exchange,
  opened: OpenedCall,
  world: ExchangeWorld,
): Promise<Answer | undefined> {
  const fault = world.faults.next(opened.call);
  if (fault === "drop") return undefined;
  if (fault === "stall") {
    await once(exchange.response, "close");
    return undefined;
  }
  if (typeof fault === "object") throw new AwsError(fault.status, fault.code, "The lab's plan of faults says so.");
  const answer = await opened.perform();
  world.counting.done(answer);
  const wanted = await world.observers.tell("after", opened.call, exchange.response);
  if (wanted && fault !== "lostAnswer") return answer;
  if (answer.body instanceof Readable) answer.body.destroy();
  return undefined;
}

function asAwsError(error: unknown, { request, response }: Exchange): AwsError {
  if (error instanceof AwsError) return error;
  if (!response.destroyed) console.error(`The lab's AWS failed at ${request.method} ${request.url}:`, error);
  return new AwsError(500, "InternalError", "We encountered an internal error. Please try again.");
}
