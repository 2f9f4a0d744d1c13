import { randomUUID } from "node:crypto";
import type { Stored } from "./checkpoint.ts";
import type { DeployedFunction, InvocationRecord } from "./deployed-function.ts";
import type { ErrorObject, Operation } from "./operation.ts";
import type { ServiceContext } from "./service-context.ts";
import type { Cancel } from "./timers.ts";

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "STOPPED";

/** What a durable execution looks like from outside. */
export interface ExecutionView {
  readonly name: string;
  readonly function: string;
  readonly arn: string;
  readonly status: ExecutionStatus;
  readonly input: string;
  readonly result?: string;
  readonly error?: ErrorObject;
  /** Number of operations as Lambda counts them, including the execution itself and every retry. */
  readonly operations: number;
  readonly invocations: readonly InvocationRecord[];
  /** Invocations without a response. */
  readonly crashes: number;
  /** Every stored update of every checkpoint, as it was sent. */
  readonly checkpointPayloads: readonly string[];
  /** Lab time. */
  readonly startedAt: Date;
  readonly endedAt?: Date;
}

/** A durable execution, changed by its runner and by checkpoints only. */
export interface Execution {
  readonly name: string;
  readonly arn: string;
  readonly fn: DeployedFunction;
  readonly input: string;
  readonly synchronous: boolean;
  readonly startedAt: number;
  readonly invocations: InvocationRecord[];
  readonly checkpointPayloads: string[];
  readonly timers: Set<Cancel>;
  /** Operations that changed since the last response to the SDK. */
  readonly unseen: Set<string>;
  readonly finished: PromiseWithResolvers<void>;
  status: ExecutionStatus;
  result?: string;
  error?: ErrorObject;
  endedAt?: number;
  stored: Stored;
  running: boolean;
  /** After a crash the next invocation comes when the backoff is over, and not earlier. */
  backingOff: boolean;
  /** True if something happened while an invocation was running. */
  woken: boolean;
  crashes: number;
  crashesInARow: number;
  /** The only token that the next checkpoint may have. */
  checkpointToken: string;
  lastCheckpoint?: { readonly clientToken: string; readonly token: string; readonly output: object };
}

export interface ExecutionStart {
  readonly name: string;
  readonly fn: DeployedFunction;
  readonly input: string;
  readonly synchronous: boolean;
}

/** Creates an execution that does not run yet. */
export function createExecution({ name, fn, input, synchronous }: ExecutionStart, now: number): Execution {
  const id = randomUUID();
  const { arn, version } = fn.settings;
  const root: Operation = { id, name, type: "EXECUTION", status: "STARTED", startedAt: now, attempts: 0, input };
  return {
    name,
    arn: `${arn}:${version}/durable-execution/${name}/${id}`,
    fn,
    input,
    synchronous,
    startedAt: now,
    invocations: [],
    checkpointPayloads: [],
    timers: new Set(),
    unseen: new Set(),
    finished: Promise.withResolvers(),
    status: "RUNNING",
    stored: { operations: new Map([[id, root]]), operationCount: 1, bytes: Buffer.byteLength(input) },
    running: false,
    backingOff: false,
    woken: false,
    crashes: 0,
    crashesInARow: 0,
    checkpointToken: randomUUID(),
  };
}

export type Ending =
  | { readonly status: "SUCCEEDED"; readonly result?: string }
  | { readonly status: "FAILED" | "TIMED_OUT" | "STOPPED"; readonly error: ErrorObject };

/** Ends an execution for good. Ending it again changes nothing. */
export function finish(execution: Execution, ending: Ending, context: ServiceContext): void {
  if (execution.status !== "RUNNING") return;
  Object.assign(execution, ending);
  execution.endedAt = context.clock.now();
  for (const cancel of execution.timers) cancel();
  execution.timers.clear();
  const { name, status } = execution;
  context.emit({ type: "execution-finished", function: execution.fn.settings.name, execution: name, status });
  execution.finished.resolve();
}

/** Returns the current state of the execution for a test. */
export function viewOf(execution: Execution): ExecutionView {
  const { name, arn, status, input, result, error, crashes, startedAt, endedAt } = execution;
  return {
    name,
    function: execution.fn.settings.name,
    arn,
    status,
    input,
    ...(result !== undefined && { result }),
    ...(error && { error }),
    operations: execution.stored.operationCount,
    invocations: [...execution.invocations],
    crashes,
    checkpointPayloads: [...execution.checkpointPayloads],
    startedAt: new Date(startedAt),
    ...(endedAt !== undefined && { endedAt: new Date(endedAt) }),
  };
}
