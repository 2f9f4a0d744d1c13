import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AsynchronousInvocations } from "./asynchronous-invocations.ts";
import { invalidParameter, Refusal } from "./aws-response.ts";
import type { DeployedFunction } from "./deployed-function.ts";
import type { Executions } from "./executions.ts";
import type { FunctionName } from "./function-name.ts";
import { limits } from "./limits.ts";

export interface InvokeRequest {
  readonly name: FunctionName;
  readonly fn: DeployedFunction;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
}

type InvocationType = "RequestResponse" | "Event" | "DryRun";

interface InvokeResponse {
  readonly status: 200 | 202 | 204;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: string;
}

/** Lambda's Invoke operation (2015-03-31). */
export async function serveInvoke(
  invoke: InvokeRequest,
  service: { readonly executions: Executions; readonly asynchronous: AsynchronousInvocations },
): Promise<void> {
  const { fn, request, response } = invoke;
  const type = invocationType(request);
  const payload = invoke.body || "{}";
  requireFitting(type, payload);
  const {
    status,
    headers,
    payload: output,
  } = fn.settings.durable
    ? await invokeDurable(invoke, { type, payload }, service.executions)
    : await invokeOrdinary(invoke, { type, payload }, service.asynchronous);
  const executed = status === 200 && { "x-amz-executed-version": fn.settings.version };
  response.writeHead(status, { "x-amzn-requestid": randomUUID(), ...executed, ...headers });
  response.end(output);
}

interface Wanted {
  readonly type: InvocationType;
  readonly payload: string;
}

const failed = { "x-amz-function-error": "Unhandled" };

async function invokeOrdinary(
  { fn, request }: InvokeRequest,
  { type, payload }: Wanted,
  asynchronous: AsynchronousInvocations,
): Promise<InvokeResponse> {
  if (request.headers["x-amz-durable-execution-name"] !== undefined) {
    throw invalidParameter("DurableExecutionName is for durable functions only."); // Guess: the wording.
  }
  if (type === "DryRun") return { status: 204 };
  if (type === "Event") {
    asynchronous.accept(fn, payload);
    return { status: 202 };
  }
  const outcome = await fn.invoke(payload);
  const headers = outcome.kind === "answered" ? {} : failed;
  return { status: 200, headers, payload: outcome.payload };
}

async function invokeDurable(
  { name, fn, request }: InvokeRequest,
  { type, payload }: Wanted,
  executions: Executions,
): Promise<InvokeResponse> {
  if (!name.qualifier) throw invalidParameter("You cannot invoke a durable function using an unqualified ARN.");
  const seconds = fn.settings.durable?.executionTimeoutSeconds ?? 0;
  const synchronous = type === "RequestResponse";
  if (synchronous && seconds > limits.synchronousExecutionSeconds) {
    const limit = `${limits.synchronousExecutionSeconds} seconds`;
    throw invalidParameter(`A durable function with an executionTimeout above ${limit} takes no synchronous invoke.`);
  }
  if (type === "DryRun") return { status: 204 };
  if (!synchronous) requireSize(payload, limits.durablePayloadBytes);
  const header = request.headers["x-amz-durable-execution-name"];
  const execution = executions.start({ name: executionName(header), fn, input: payload, synchronous });
  const headers = { "x-amz-durable-execution-arn": execution.arn };
  if (type === "Event") return { status: 202, headers };
  await execution.finished.promise;
  const { status, result = "null", error } = execution;
  if (status === "SUCCEEDED") return { status: 200, headers, payload: result };
  const failure = JSON.stringify({ errorType: error?.ErrorType, errorMessage: error?.ErrorMessage });
  return { status: 200, headers: { ...headers, ...failed }, payload: failure };
}

function invocationType(request: IncomingMessage): InvocationType {
  const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
  if (type === "RequestResponse" || type === "Event" || type === "DryRun") return type;
  throw invalidParameter(`Unknown invocation type ${type}.`);
}

function executionName(header: string | string[] | undefined): string {
  const name = header ?? randomUUID();
  if (typeof name === "string" && /^[\w-]{1,64}$/.test(name)) return name;
  throw invalidParameter("A DurableExecutionName has 1 to 64 letters, digits, hyphens or underscores.");
}

function requireFitting(type: InvocationType, payload: string): void {
  requireSize(payload, type === "Event" ? limits.asynchronousPayloadBytes : limits.synchronousPayloadBytes);
  try {
    JSON.parse(payload);
  } catch {
    throw new Refusal(400, "InvalidRequestContentException", "Could not parse request body into json.");
  }
}

function requireSize(payload: string, limit: number): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes <= limit) return;
  throw new Refusal(
    413,
    "RequestTooLargeException",
    `${bytes} byte payload is too large: the limit is ${limit} bytes.`,
  );
}
