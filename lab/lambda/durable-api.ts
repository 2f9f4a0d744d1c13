import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { invalidParameter, Refusal, sendJson } from "./aws-response.ts";
import { type CheckpointRequest, ErrorObject, parseCheckpoint, store } from "./checkpoint.ts";
import { type Execution, finish } from "./execution.ts";
import { historyPage } from "./execution-history.ts";
import { wakeWhenDue } from "./execution-runner.ts";
import { operationPage, secondsStamp, visibleOperations, wireOperation } from "./operation.ts";
import type { ServiceContext } from "./service-context.ts";

export interface DurableRequest {
  readonly execution: Execution;
  readonly action: string | undefined;
  readonly url: URL;
  readonly body: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Lambda's API of durable executions (2025-12-01). */
export function serveDurableApi(call: DurableRequest, context: ServiceContext): void {
  const output = perform(call, context);
  if (output === "lost") call.response.destroy();
  else sendJson(call.response, 200, output);
}

type Performed = object | "lost";

function perform({ execution, action = "", url, body, request }: DurableRequest, context: ServiceContext): Performed {
  switch (`${request.method} ${action}`) {
    case "POST checkpoint":
      return checkpoint(execution, parseCheckpoint(parseJson(body)), context);
    case "GET state":
      requireToken(execution, url.searchParams.get("CheckpointToken"));
      return statePage(execution, Number(url.searchParams.get("Marker") ?? 0));
    case "POST stop":
      finish(execution, { status: "STOPPED", error: ErrorObject.parse(parseJson(body || "{}")) }, context);
      return { StopTimestamp: secondsStamp(execution.endedAt ?? 0) };
    case "GET history":
      return historyPage(execution, url.searchParams);
    case "GET ":
      return describe(execution);
    default:
      throw new Refusal(501, "NotImplementedInLab", `The lab does not implement ${request.method} ${url.pathname}.`);
  }
}

function statePage(execution: Execution, marker: number): object {
  return operationPage(visibleOperations(execution.stored.operations), marker, secondsStamp);
}

function checkpoint(execution: Execution, request: CheckpointRequest, context: ServiceContext): Performed {
  const last = execution.lastCheckpoint;
  // The SDK sends a checkpoint again, under the same client token, if its response was lost.
  if (last && last.clientToken === request.ClientToken && last.token === request.CheckpointToken) return last.output;
  requireToken(execution, request.CheckpointToken);
  if (cut("before-checkpoint-stored", execution, context)) return "lost";
  const output = storeCheckpoint(execution, request, context);
  return cut("after-checkpoint-stored", execution, context) ? "lost" : output;
}

function requireToken(execution: Execution, token: string | null): void {
  if (execution.status !== "RUNNING" || token !== execution.checkpointToken) throw staleToken();
}

/** Returns the refusal in the service's words (aws/aws-durable-execution-sdk-js#917). The rest of the text is a guess. */
function staleToken(): Refusal {
  return invalidParameter("Invalid checkpoint token: it is not this execution's current one.");
}

function cut(
  at: "before-checkpoint-stored" | "after-checkpoint-stored",
  execution: Execution,
  context: ServiceContext,
): boolean {
  const verdict = context.killPlan.verdict({ function: execution.fn.settings.name, execution: execution.name, at });
  if (verdict === "make-stale") {
    execution.checkpointToken = randomUUID();
    throw staleToken();
  }
  if (verdict === true) execution.fn.kill(execution.name);
  return verdict !== false;
}

function storeCheckpoint(execution: Execution, request: CheckpointRequest, context: ServiceContext): object {
  const { Updates: updates, CheckpointToken: token, ClientToken: clientToken } = request;
  execution.stored = store(execution.stored, updates, context.clock.now());
  execution.checkpointToken = randomUUID();
  for (const update of updates) {
    execution.checkpointPayloads.push(JSON.stringify(update));
    execution.unseen.add(update.Id);
  }
  // One checkpoint may start a step and put off its next attempt: that is one pause, not two.
  for (const id of new Set(updates.map(({ Id }) => Id))) wakeWhenDue(execution, id, context);
  const changed = [...execution.unseen].flatMap((id) => execution.stored.operations.get(id) ?? []);
  execution.unseen.clear();
  const output = {
    CheckpointToken: execution.checkpointToken,
    NewExecutionState: { Operations: changed.map((operation) => wireOperation(operation, secondsStamp)) },
  };
  if (clientToken !== undefined) execution.lastCheckpoint = { clientToken, token, output };
  for (const update of updates) {
    const operation = { type: update.Type, action: update.Action, ...(update.Name && { name: update.Name }) };
    context.emit({ type: "checkpointed", function: execution.fn.settings.name, execution: execution.name, operation });
    if (update.Type === "EXECUTION") close(execution, update, context);
  }
  return output;
}

function close(execution: Execution, update: CheckpointRequest["Updates"][number], context: ServiceContext): void {
  if (update.Action === "SUCCEED") finish(execution, { status: "SUCCEEDED", result: update.Payload }, context);
  else finish(execution, { status: "FAILED", error: update.Error ?? {} }, context);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(400, "SerializationException", "The body is not JSON.");
  }
}

/** Describes an execution, as GetDurableExecution does. */
function describe(execution: Execution): object {
  const { arn, name, fn, status, input, result, error, startedAt, endedAt } = execution;
  return {
    DurableExecutionArn: arn,
    DurableExecutionName: name,
    FunctionArn: `${fn.settings.arn}:${fn.settings.version}`,
    Version: fn.settings.version,
    Status: status,
    InputPayload: input,
    Result: result,
    Error: error,
    StartTimestamp: secondsStamp(startedAt),
    EndTimestamp: endedAt === undefined ? undefined : secondsStamp(endedAt),
    DurableConfig: { ExecutionTimeout: fn.settings.durable?.executionTimeoutSeconds },
  };
}
