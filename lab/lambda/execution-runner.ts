import { randomUUID } from "node:crypto";
import { z } from "zod";
import { createExecution, type Ending, type Execution, type ExecutionStart, finish } from "./execution.ts";
import { limits } from "./limits.ts";
import { isoStamp, type Operation, operationPage, visibleOperations } from "./operation.ts";
import type { Outcome } from "./sandbox.ts";
import type { ServiceContext } from "./service-context.ts";

const FunctionError = z.object({ errorType: z.string().optional(), errorMessage: z.string().optional() });
const ErrorObject = z.looseObject({ ErrorType: z.string().optional(), ErrorMessage: z.string().optional() });
const InvocationOutput = z.discriminatedUnion("Status", [
  z.object({ Status: z.literal("SUCCEEDED"), Result: z.string().optional() }),
  z.object({ Status: z.literal("FAILED"), Error: ErrorObject.default({}) }),
  z.object({ Status: z.literal("PENDING") }),
]);

/** Starts a durable execution. */
export function startExecution(start: ExecutionStart, context: ServiceContext): Execution {
  const execution = createExecution(start, context.clock.now());
  const seconds = start.fn.settings.durable?.executionTimeoutSeconds ?? 0;
  const timeOut = () => {
    const error = { ErrorMessage: `Execution timed out after ${seconds} seconds.` };
    finish(execution, { status: "TIMED_OUT", error }, context);
  };
  execution.timers.add(context.timers.at(execution.startedAt + seconds * 1000, timeOut, { skippable: false }));
  context.emit({ type: "execution-started", function: start.fn.settings.name, execution: start.name });
  void wake(execution, context);
  return execution;
}

/** Invokes the function for this execution: now or, if it is running, once more afterwards. */
export async function wake(execution: Execution, context: ServiceContext): Promise<void> {
  if (execution.status !== "RUNNING" || execution.backingOff) return;
  if (execution.running) {
    execution.woken = true;
    return;
  }
  execution.running = true;
  execution.woken = false;
  const { record, ...outcome } = await execution.fn.invoke(invocationEvent(execution), execution.name);
  execution.running = false;
  execution.invocations.push(record);
  if (execution.status !== "RUNNING") return;
  if (outcome.kind === "answered") conclude(execution, outcome.payload, context);
  else invokeAgainLater(execution, outcome, context);
}

/** Wakes the execution when a wait or the pause before a step's next attempt is over. */
export function wakeWhenDue(execution: Execution, operationId: string, context: ServiceContext): void {
  const operation = execution.stored.operations.get(operationId);
  const waits = operation?.type === "WAIT" && operation.status === "STARTED";
  if (operation?.dueAt === undefined || !(waits || operation.status === "PENDING")) return;
  after(execution, operation.dueAt, context, () => {
    if (execution.stored.operations.get(operationId) !== operation) return; // The wait was cancelled.
    const over: Operation = waits
      ? { ...operation, status: "SUCCEEDED", endedAt: context.clock.now() }
      : { ...operation, status: "READY" };
    execution.stored = { ...execution.stored, operations: new Map(execution.stored.operations).set(operationId, over) };
    execution.unseen.add(operationId);
    context.emit({ type: "due", function: execution.fn.settings.name, execution: execution.name, operationId });
  });
}

function after(execution: Execution, dueMs: number, context: ServiceContext, change: () => void): void {
  const cancel = context.timers.at(dueMs, () => {
    execution.timers.delete(cancel);
    change();
    void wake(execution, context);
  });
  execution.timers.add(cancel);
}

function invocationEvent(execution: Execution): string {
  // Whatever an earlier invocation still sends is stale from here on.
  execution.checkpointToken = randomUUID();
  const updated = [...execution.unseen];
  execution.unseen.clear();
  return JSON.stringify({
    DurableExecutionArn: execution.arn,
    CheckpointToken: execution.checkpointToken,
    UpdatedOperationIds: updated,
    InitialExecutionState: operationPage(visibleOperations(execution.stored.operations), 0, isoStamp),
  });
}

function invokeAgainLater(execution: Execution, outcome: Outcome, context: ServiceContext): void {
  execution.crashes += 1;
  execution.crashesInARow += 1;
  const { errorType, errorMessage } = FunctionError.parse(JSON.parse(outcome.payload));
  const error = { ErrorType: errorType, ErrorMessage: errorMessage };
  if (execution.crashesInARow > limits.reinvocations || execution.stored.operationCount >= limits.operations) {
    finish(execution, { status: "FAILED", error }, context);
    return;
  }
  const dueMs = context.clock.now() + 1000 * 2 ** (execution.crashesInARow - 1);
  execution.backingOff = true;
  after(execution, dueMs, context, () => {
    execution.backingOff = false;
    execution.stored = { ...execution.stored, operationCount: execution.stored.operationCount + 1 };
  });
}

function conclude(execution: Execution, payload: string, context: ServiceContext): void {
  execution.crashesInARow = 0;
  const ending = endingOf(execution, payload);
  if (ending) finish(execution, ending, context);
  else if (execution.woken || execution.unseen.size > 0) void wake(execution, context);
}

function endingOf(execution: Execution, payload: string): Ending | undefined {
  const { success, data: response } = InvocationOutput.safeParse(JSON.parse(payload));
  if (!success) return invalidResponse("Invalid Status in invocation output.");
  if (response.Status === "FAILED") return { status: "FAILED", error: response.Error };
  if (response.Status === "PENDING") {
    // The deadline of the execution is one timer; without another nothing would ever wake it.
    const pending = execution.woken || execution.unseen.size > 0 || execution.timers.size > 1;
    return pending ? undefined : invalidResponse("Cannot return PENDING status with no pending operations.");
  }
  const limit = execution.synchronous ? limits.synchronousPayloadBytes : limits.durablePayloadBytes;
  if (Buffer.byteLength(response.Result ?? "") <= limit) return { status: "SUCCEEDED", result: response.Result };
  return invalidResponse(`Execution output payload size must be less than or equal to ${limit} bytes.`);
}

function invalidResponse(ErrorMessage: string): Ending {
  return { status: "FAILED", error: { ErrorType: "InvalidParameterValueException", ErrorMessage } };
}
