import type { Execution } from "./execution.ts";
import { type Operation, secondsStamp } from "./operation.ts";

/** An event before it has its number. */
interface HistoryEvent {
  readonly EventType: string;
  readonly atMs: number;
  readonly fields: object;
}

/** API reference, GetDurableExecutionHistory: MaxItems. */
const [defaultMaxItems, maxMaxItems] = [100, 1_000];

/** GetDurableExecutionHistory: what happened in an execution, the oldest first unless it is asked for in reverse. */
export function historyPage(execution: Execution, query: URLSearchParams): object {
  const withData = query.get("IncludeExecutionData") !== "false";
  const events = historyOf(execution, withData).map(({ EventType, atMs, fields }, n) => ({
    EventId: n + 1,
    EventType,
    EventTimestamp: secondsStamp(atMs),
    ...fields,
  }));
  if (query.get("ReverseOrder") === "true") events.reverse();
  const from = Number(query.get("Marker") ?? 0);
  const next = from + Math.min(Number(query.get("MaxItems")) || defaultMaxItems, maxMaxItems);
  return { Events: events.slice(from, next), ...(next < events.length && { NextMarker: String(next) }) };
}

function historyOf(execution: Execution, withData: boolean): HistoryEvent[] {
  const operations = [...execution.stored.operations.values()].filter(({ type }) => type !== "EXECUTION");
  const started: HistoryEvent = {
    EventType: "ExecutionStarted",
    atMs: execution.startedAt,
    fields: {
      Name: execution.name,
      ExecutionStartedDetails: {
        Input: payload(execution.input, withData),
        ExecutionTimeout: execution.fn.settings.durable?.executionTimeoutSeconds,
      },
    },
  };
  const events = [started, ...operations.flatMap((operation) => eventsOf(operation, withData))];
  return [...events.toSorted((a, b) => a.atMs - b.atMs), ...endOf(execution, withData)];
}

const typeNames: Readonly<Record<string, string>> = { STEP: "Step", WAIT: "Wait", CONTEXT: "Context" };
const endNames: Readonly<Record<string, string>> = { SUCCEEDED: "Succeeded", FAILED: "Failed", CANCELLED: "Cancelled" };

function eventsOf(operation: Operation, withData: boolean): HistoryEvent[] {
  const { id, name, parentId, subType, type, status, startedAt, endedAt, dueAt } = operation;
  const fields = { Id: id, Name: name, ParentId: parentId, SubType: subType };
  const kind = typeNames[type] ?? type;
  const wait = {
    Duration: dueAt === undefined ? undefined : (dueAt - startedAt) / 1000,
    ScheduledEndTimestamp: dueAt === undefined ? undefined : secondsStamp(dueAt),
  };
  const started = { EventType: `${kind}Started`, atMs: startedAt };
  const begun = { ...started, fields: { ...fields, [`${kind}StartedDetails`]: type === "WAIT" ? wait : {} } };
  const end = endNames[status];
  if (endedAt === undefined || end === undefined) return [begun];
  const details = {
    Result: payload(operation.result, withData),
    ...(operation.error && { Error: { Payload: operation.error, Truncated: false } }),
    RetryDetails: { CurrentAttempt: operation.attempts },
  };
  return [
    begun,
    { EventType: `${kind}${end}`, atMs: endedAt, fields: { ...fields, [`${kind}${end}Details`]: details } },
  ];
}

const executionEnds: Readonly<Record<string, string>> = {
  SUCCEEDED: "ExecutionSucceeded",
  FAILED: "ExecutionFailed",
  TIMED_OUT: "ExecutionTimedOut",
  STOPPED: "ExecutionStopped",
};

function endOf({ status, name, result, error, endedAt }: Execution, withData: boolean): HistoryEvent[] {
  const EventType = executionEnds[status];
  if (EventType === undefined || endedAt === undefined) return [];
  const details =
    status === "SUCCEEDED" ? { Result: payload(result, withData) } : { Error: { Payload: error, Truncated: false } };
  return [{ EventType, atMs: endedAt, fields: { Name: name, [`${EventType}Details`]: details } }];
}

function payload(text: string | undefined, withData: boolean): object {
  return withData ? { Payload: text, Truncated: false } : {};
}
