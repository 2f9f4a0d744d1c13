import { z } from "zod";
import { invalidParameter, Refusal } from "./aws-response.ts";
import { limits } from "./limits.ts";
import { isOver, type Operation, type Operations } from "./operation.ts";

const identifier = z.string().regex(/^[\w-]{1,64}$/);
const delaySeconds = z.int().min(1).max(limits.maxDelaySeconds);
/** Reason of a failure, as the SDK sends it. */
export const ErrorObject = z.object({
  ErrorMessage: z.string().optional(),
  ErrorType: z.string().optional(),
  ErrorData: z.string().optional(),
  StackTrace: z.array(z.string()).optional(),
});

const OperationUpdate = z.object({
  Id: identifier,
  ParentId: identifier.optional(),
  Name: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[\x20-\x7E]+$/)
    .optional(),
  Type: z.enum(["EXECUTION", "CONTEXT", "STEP", "WAIT", "CALLBACK", "CHAINED_INVOKE"]),
  SubType: z.string().optional(),
  Action: z.enum(["START", "SUCCEED", "FAIL", "RETRY", "CANCEL"]),
  Payload: z.string().optional(),
  Error: ErrorObject.optional(),
  ContextOptions: z.object({ ReplayChildren: z.boolean().optional() }).optional(),
  StepOptions: z.object({ NextAttemptDelaySeconds: delaySeconds }).optional(),
  WaitOptions: z.object({ WaitSeconds: delaySeconds }).optional(),
});
export type OperationUpdate = z.infer<typeof OperationUpdate>;

const CheckpointRequest = z.object({
  CheckpointToken: z.string(),
  ClientToken: z.string().optional(),
  Updates: z.array(OperationUpdate).default([]),
});
export type CheckpointRequest = z.infer<typeof CheckpointRequest>;

/** Reads a checkpoint's body. Refuses what violates the API's constraints. */
export function parseCheckpoint(body: unknown): CheckpointRequest {
  const parsed = CheckpointRequest.safeParse(body);
  if (!parsed.success) throw invalidParameter(z.prettifyError(parsed.error));
  return parsed.data;
}

/** Stored operations of an execution. */
export interface Stored {
  readonly operations: Operations;
  /** Number of operations as Lambda counts them, including retries. */
  readonly operationCount: number;
  readonly bytes: number;
}

/** Adds all updates of a checkpoint, or throws a refusal and adds none. */
export function store(stored: Stored, updates: readonly OperationUpdate[], now: number): Stored {
  const operations = new Map(stored.operations);
  let { operationCount, bytes } = stored;
  for (const update of updates) {
    const existing = operations.get(update.Id);
    if (!existing || update.Action === "RETRY") operationCount += 1;
    bytes += payloadBytes(update);
    operations.set(update.Id, updated(existing, update, now));
  }
  if (operationCount > limits.operations) {
    throw invalidParameter(`The execution has reached its limit of ${limits.operations} operations.`);
  }
  if (bytes > limits.executionBytes) {
    throw invalidParameter(`The execution has reached its limit of ${limits.executionBytes} bytes.`);
  }
  return { operations, operationCount, bytes };
}

function payloadBytes(update: OperationUpdate): number {
  const error = update.Error ? JSON.stringify(update.Error) : "";
  const bytes = Buffer.byteLength(update.Payload ?? "") + Buffer.byteLength(error);
  // A result too large to be answered is checkpointed on the execution itself.
  if (bytes > limits.checkpointPayloadBytes && update.Type !== "EXECUTION") {
    throw invalidParameter(`The payload of ${bytes} bytes exceeds ${limits.checkpointPayloadBytes} bytes.`);
  }
  return bytes;
}

function updated(existing: Operation | undefined, update: OperationUpdate, now: number): Operation {
  if (update.Type === "CALLBACK" || update.Type === "CHAINED_INVOKE") {
    // Not 501: the SDK would take that for a passing fault, and try again until nine re-invocations are used up.
    throw new Refusal(400, "NotImplementedInLab", `The lab does not implement operations of type ${update.Type}.`);
  }
  if (existing && (isOver(existing) || existing.type !== update.Type)) {
    throw invalidParameter(`Operation ${update.Id} (${existing.type}, ${existing.status}) takes no ${update.Action}.`);
  }
  const operation = existing ?? {
    id: update.Id,
    parentId: update.ParentId,
    name: update.Name,
    type: update.Type,
    subType: update.SubType,
    status: "STARTED",
    startedAt: now,
    attempts: 0,
  };
  switch (update.Type) {
    case "STEP":
      return { ...operation, ...stepChange(operation, update, now) };
    case "WAIT":
      return { ...operation, ...waitChange(update, now) };
    case "CONTEXT":
      return { ...operation, ...ending(update, now), replayChildren: update.ContextOptions?.ReplayChildren };
    case "EXECUTION":
      return { ...operation, ...ending(update, now) };
  }
}

type Change = Partial<Operation>;

function stepChange(step: Operation, update: OperationUpdate, now: number): Change {
  if (update.Action === "START") return { status: "STARTED", dueAt: undefined };
  const attempts = step.attempts + 1;
  if (update.Action !== "RETRY") return { attempts, ...ending(update, now) };
  if (!update.StepOptions) throw invalidParameter("StepOptions is required to retry a step.");
  const dueAt = now + update.StepOptions.NextAttemptDelaySeconds * 1000;
  return { attempts, status: "PENDING", dueAt, result: update.Payload, error: update.Error };
}

function waitChange(update: OperationUpdate, now: number): Change {
  if (update.Action === "CANCEL") return { status: "CANCELLED", endedAt: now };
  if (update.Action !== "START") throw invalidParameter(`A wait takes no ${update.Action}.`);
  if (!update.WaitOptions) throw invalidParameter("WaitOptions is required to start a wait.");
  return { status: "STARTED", dueAt: now + update.WaitOptions.WaitSeconds * 1000 };
}

function ending(update: OperationUpdate, now: number): Change {
  if (update.Action === "START") return {};
  if (update.Action === "SUCCEED") return { status: "SUCCEEDED", result: update.Payload, endedAt: now };
  if (update.Action === "FAIL") return { status: "FAILED", error: update.Error, endedAt: now };
  throw invalidParameter(`An operation of type ${update.Type} takes no ${update.Action}.`);
}
