/** Reason of a failure, in the form of the durable-execution API. */
export interface ErrorObject {
  readonly ErrorMessage?: string;
  readonly ErrorType?: string;
  readonly ErrorData?: string;
  readonly StackTrace?: readonly string[];
}

export type OperationType = "EXECUTION" | "CONTEXT" | "STEP" | "WAIT" | "CALLBACK" | "CHAINED_INVOKE";
export type OperationStatus = "STARTED" | "PENDING" | "READY" | "SUCCEEDED" | "FAILED" | "CANCELLED";

/** A durable operation of an execution; instants in lab milliseconds. */
export interface Operation {
  readonly id: string;
  readonly type: OperationType;
  readonly status: OperationStatus;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly parentId?: string;
  readonly name?: string;
  readonly subType?: string;
  /** Finished attempts of a step. */
  readonly attempts: number;
  /** When a wait ends, or a step's next attempt may start. */
  readonly dueAt?: number;
  readonly input?: string;
  readonly result?: string;
  readonly error?: ErrorObject;
  readonly replayChildren?: boolean;
}

export type Operations = ReadonlyMap<string, Operation>;

/** True if nothing more can happen to the operation. */
export function isOver(operation: Operation): boolean {
  return operation.status === "SUCCEEDED" || operation.status === "FAILED" || operation.status === "CANCELLED";
}

/** Returns the operations for a replay: not those inside a finished context, unless the context keeps its children. */
export function visibleOperations(operations: Operations): Operation[] {
  const hidden = new Set<string>();
  return [...operations.values()].filter((operation) => {
    const parent = operations.get(operation.parentId ?? "");
    if (!parent) return true;
    const closed = parent.type === "CONTEXT" && isOver(parent) && !parent.replayChildren;
    if (closed || hidden.has(parent.id)) hidden.add(operation.id);
    return !hidden.has(operation.id);
  });
}

export interface OperationPage {
  readonly Operations: readonly unknown[];
  readonly NextMarker?: string;
}

/** Guess: a page has at most the operations that the SDK requests, and fits into an event. */
const pageLimits = { operations: 1_000, bytes: 1024 * 1024 };

/** Returns one page of operations on the wire, from position `marker`. */
export function operationPage(operations: readonly Operation[], marker: number, stamp: Stamp): OperationPage {
  const page: unknown[] = [];
  let bytes = 0;
  for (const operation of operations.slice(marker, marker + pageLimits.operations)) {
    const wired = wireOperation(operation, stamp);
    bytes += Buffer.byteLength(JSON.stringify(wired));
    if (page.length > 0 && bytes > pageLimits.bytes) break;
    page.push(wired);
  }
  const next = marker + page.length;
  return { Operations: page, ...(next < operations.length && { NextMarker: String(next) }) };
}

/** Form of an instant: ISO 8601 in an event, seconds since the epoch in an API response. */
export type Stamp = (ms: number) => string | number;
export const isoStamp: Stamp = (ms) => new Date(ms).toISOString();
export const secondsStamp: Stamp = (ms) => ms / 1000;

/** An operation on the wire. */
export function wireOperation(operation: Operation, stamp: Stamp): unknown {
  const { id, parentId, name, type, subType, status, startedAt, endedAt } = operation;
  return {
    Id: id,
    ParentId: parentId,
    Name: name,
    Type: type,
    SubType: subType,
    Status: status,
    StartTimestamp: stamp(startedAt),
    EndTimestamp: endedAt === undefined ? undefined : stamp(endedAt),
    ...wireDetails(operation, stamp),
  };
}

function wireDetails(operation: Operation, stamp: Stamp): object {
  const { attempts, dueAt, input, result, error, replayChildren } = operation;
  const due = dueAt === undefined ? undefined : stamp(dueAt);
  switch (operation.type) {
    case "EXECUTION":
      return { ExecutionDetails: { InputPayload: input } };
    case "STEP":
      return { StepDetails: { Attempt: attempts, NextAttemptTimestamp: due, Result: result, Error: error } };
    case "WAIT":
      return { WaitDetails: { ScheduledEndTimestamp: due } };
    case "CONTEXT":
      return { ContextDetails: { ReplayChildren: replayChildren, Result: result, Error: error } };
    default:
      return {};
  }
}
