import {
  type Event,
  GetDurableExecutionHistoryCommand,
  InvokeCommand,
  LambdaClient,
  ListDurableExecutionsByFunctionCommand,
  StopDurableExecutionCommand,
} from "@aws-sdk/client-lambda";
import { type AwsStub, mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach } from "vitest";

/** Lambda's client, whose responses a test scripts. */
export type ScriptedLambda = AwsStub<never, never, never>;

export const execution = "arn:aws:lambda:us-east-1:0:function:archive-calls:1/durable-execution/run-1/1";

/** Opens a scripted Lambda for the tests of a file. */
export function scriptLambda() {
  const lambda = mockClient(LambdaClient);
  beforeEach(() => {
    lambda.reset();
    lambda.on(StopDurableExecutionCommand).resolves({});
  });
  afterAll(() => lambda.restore());
  return {
    lambda,
    /** Sets what `start-run` responds. */
    startRunResponds: (response: object, functionError?: string) =>
      lambda.on(InvokeCommand).resolves({
        Payload: Buffer.from(JSON.stringify(response)) as never,
        ...(functionError && { FunctionError: functionError }),
      }),
    /** Sets a run's history as it is at each look; the last one stays. */
    historyIs: (...looks: readonly (readonly Event[])[]) => {
      const commands = lambda.on(GetDurableExecutionHistoryCommand);
      const page = (events: readonly Event[]) => ({ Events: [...events] });
      // From the second look on the newest events come first.
      looks.slice(0, -1).forEach((events, look) => {
        commands.resolvesOnce(page(look === 0 ? events : events.toReversed()));
      });
      const last = looks.at(-1) ?? [];
      commands.resolves(page(looks.length > 1 ? last.toReversed() : last));
    },
    /** Sets which runs there are, the newest first. */
    runsAre: (...statuses: readonly string[]) =>
      lambda.on(ListDurableExecutionsByFunctionCommand).resolves({
        DurableExecutions: statuses.map((Status) => ({
          DurableExecutionArn: execution,
          DurableExecutionName: "run-1",
          FunctionArn: "arn:aws:lambda:us-east-1:0:function:archive-calls:1",
          Status: Status as "RUNNING",
          StartTimestamp: new Date("2026-11-06T03:30:00Z"),
        })),
      }),
  };
}

const beganMs = Date.parse("2026-11-06T03:30:00Z");

/** Makes a history whose events follow each other; `seconds` is when each happened. */
export function historyOf(...events: readonly (Event & { readonly seconds?: number })[]): Event[] {
  return events.map(({ seconds = 0, ...event }, n) => ({
    EventId: n + 1,
    EventTimestamp: new Date(beganMs + seconds * 1000),
    ...event,
  }));
}

const payload = (value: unknown) => ({ Payload: JSON.stringify(value), Truncated: false });

/** Result of a slice that has decided `attempted` items. */
export const slice = (attempted: number) => ({ type: "stopped", cursor: { tally: { attempted, left: 0 } } });

export const stepStarted = (Name: string, seconds = 0) => ({ EventType: "StepStarted" as const, Name, seconds });
export const stepEnded = (Name: string, result: unknown, seconds = 0) => ({
  ...{ EventType: "StepSucceeded" as const, Name, seconds },
  StepSucceededDetails: { Result: payload(result), RetryDetails: {} },
});
export const waitStarted = (Name: string, untilSeconds: number, seconds = 0) => ({
  ...{ EventType: "WaitStarted" as const, Name, seconds },
  WaitStartedDetails: {
    Duration: untilSeconds - seconds,
    ScheduledEndTimestamp: new Date(beganMs + untilSeconds * 1000),
  },
});
export const succeeded = (status: string, result: unknown = null) => ({
  EventType: "ExecutionSucceeded" as const,
  ExecutionSucceededDetails: { Result: payload({ run: "run-1", status, result }) },
});
export const failed = (ErrorMessage: string) => ({
  EventType: "ExecutionFailed" as const,
  ExecutionFailedDetails: { Error: { Payload: { ErrorType: "JobError", ErrorMessage }, Truncated: false } },
});
export const stopped = {
  EventType: "ExecutionStopped" as const,
  ExecutionStoppedDetails: { Error: { Payload: {}, Truncated: false } },
};
