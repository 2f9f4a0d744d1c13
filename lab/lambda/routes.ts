import type { IncomingMessage, ServerResponse } from "node:http";
import type { AsynchronousInvocations } from "./asynchronous-invocations.ts";
import { Refusal, readBody, sendError, sendJson } from "./aws-response.ts";
import { serveDurableApi } from "./durable-api.ts";
import { listExecutions } from "./execution-list.ts";
import type { Executions } from "./executions.ts";
import { parseFunctionName } from "./function-name.ts";
import { type Functions, notFound } from "./functions.ts";
import { serveInvoke } from "./invoke-api.ts";
import type { ServiceContext } from "./service-context.ts";

/** The parts of one Lambda service. */
export interface Service {
  readonly context: ServiceContext;
  readonly functions: Functions;
  readonly executions: Executions;
  readonly asynchronous: AsynchronousInvocations;
}

const invocations = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
const executionsOfFunction = /^\/2025-12-01\/functions\/([^/]+)\/durable-executions$/;
const durableExecutions = /^\/2025-12-01\/durable-executions\/([^/]+)(?:\/([a-z]+))?$/;

/** Responds to one request to the service. */
export async function route(request: IncomingMessage, response: ServerResponse, service: Service): Promise<void> {
  try {
    // A request on its way counts as something running, lest time jumps before it is understood.
    const release = service.context.timers.hold();
    const body = await readBody(request).finally(release);
    await dispatch({ request, response, body: body.toString("utf8") }, service);
  } catch (error) {
    sendError(response, error);
  }
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
}

async function dispatch(call: Call, service: Service): Promise<void> {
  const url = new URL(call.request.url ?? "/", "http://lambda");
  const [, functionName] = invocations.exec(url.pathname) ?? [];
  if (functionName !== undefined) {
    const name = parseFunctionName(decodeURIComponent(functionName), url.searchParams.get("Qualifier"));
    if (!name) throw notFound(functionName);
    return serveInvoke({ ...call, name, fn: service.functions.find(name) }, service);
  }
  const [, listedFunction] = executionsOfFunction.exec(url.pathname) ?? [];
  if (listedFunction !== undefined)
    return sendJson(call.response, 200, listExecutions(decodeURIComponent(listedFunction), url.searchParams, service));
  const [, arn, action] = durableExecutions.exec(url.pathname) ?? [];
  if (arn === undefined) throw new Refusal(404, "UnknownOperationException", `No operation at ${url.pathname}.`);
  const execution = service.executions.byArn(decodeURIComponent(arn));
  if (!execution) throw new Refusal(404, "ResourceNotFoundException", "There is no such durable execution.");
  serveDurableApi({ ...call, execution, action, url }, service.context);
}
