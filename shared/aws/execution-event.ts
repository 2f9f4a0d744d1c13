import type { Event } from "@aws-sdk/client-lambda";
import { jsonOrUndefined } from "../core/exact-json.ts";
import type { RunEnd, RunEvent } from "../core/run-history.ts";

/**
 * Returns an event of a durable execution as our own.
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetDurableExecutionHistory.html
 */
export function runEvent(event: Event): RunEvent {
  const { EventId: id = 0, EventTimestamp: at = new Date(0), Name: name = "" } = event;
  return { id, at, name, ...factsOf(event) };
}

function factsOf(event: Event): Pick<RunEvent, "type" | "until" | "result" | "end"> {
  switch (event.EventType) {
    case "StepStarted":
      return { type: "step-started" };
    case "StepSucceeded":
      return { type: "step-ended", result: jsonOf(event.StepSucceededDetails?.Result?.Payload) };
    case "WaitStarted":
      return { type: "wait-started", until: event.WaitStartedDetails?.ScheduledEndTimestamp };
    case "ExecutionSucceeded":
      return { ...endOf("SUCCEEDED"), result: jsonOf(event.ExecutionSucceededDetails?.Result?.Payload) };
    case "ExecutionFailed":
      return endOf("FAILED", event.ExecutionFailedDetails?.Error?.Payload?.ErrorMessage);
    case "ExecutionTimedOut":
      return endOf("TIMED_OUT", event.ExecutionTimedOutDetails?.Error?.Payload?.ErrorMessage);
    case "ExecutionStopped":
      return endOf("STOPPED", event.ExecutionStoppedDetails?.Error?.Payload?.ErrorMessage);
    default:
      return { type: "other" };
  }
}

function endOf(status: RunEnd["status"], message?: string): Pick<RunEvent, "type" | "end"> {
  return { type: "run-ended", end: { status, message } };
}

function jsonOf(payload: string | undefined): unknown {
  return payload === undefined ? undefined : jsonOrUndefined(payload);
}
