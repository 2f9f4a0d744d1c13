import {
  type Execution,
  GetDurableExecutionHistoryCommand,
  InvokeCommand,
  LambdaClient,
  ListDurableExecutionsByFunctionCommand,
  StopDurableExecutionCommand,
} from "@aws-sdk/client-lambda";
import type { RunEvent } from "../core/run-history.ts";
import { JobError } from "../errors.ts";
import { runEvent } from "./execution-event.ts";
import { loginError } from "./login-error.ts";
import { userRequestHandler } from "./user-request-handler.ts";

/** One page of a run's history, in the order in which it happened. */
export interface RunHistory {
  readonly events: readonly RunEvent[];
  /** True if there are more events than these, older or newer ones by what was asked for. */
  readonly hasMore: boolean;
}

/** A run that has not ended. */
export interface RunningExecution {
  /** ARN of the durable execution. */
  readonly execution: string;
  readonly run: string;
  readonly since: Date;
}

/** The functions of a stack, for a user's login. Every method throws REQUEST_INVALID when AWS denies it, or STORAGE_FAILED. */
export interface StackFunctions {
  /** Invokes `start-run`. @throws START_FAILED when the function failed, or when it is not known whether it did anything */
  readonly startRun: (functionName: string, request: object) => Promise<unknown>;
  /** Returns a job's newest run that has not ended. */
  readonly findRunning: (functionName: string) => Promise<RunningExecution | undefined>;
  /** Reads the first events of a run, or the last ones. */
  readonly readHistory: (
    execution: string,
    options: { readonly order: "first" | "last"; readonly max: number },
  ) => Promise<RunHistory>;
  /** Ends a run. */
  readonly stop: (execution: string) => Promise<void>;
}

/** Opens the functions with the environment's AWS login. */
export function openStackFunctions(): StackFunctions {
  // `start-run` responds within a minute.
  const client = new LambdaClient({
    requestHandler: userRequestHandler({ environment: process.env, socketTimeout: 70_000 }),
  });
  return {
    startRun: async (functionName, request) => {
      const Payload = JSON.stringify(request);
      const invoke = new InvokeCommand({ FunctionName: functionName, InvocationType: "RequestResponse", Payload });
      const output = await client.send(invoke).catch((error: unknown) => {
        throw startError(functionName, error);
      });
      const response: unknown = JSON.parse(Buffer.from(output.Payload ?? []).toString() || "null");
      if (output.FunctionError === undefined) return response;
      throw functionFailed(response);
    },
    findRunning: async (functionName) => {
      // Without filters: an unknown status may be added, and stands for a run that has not ended.
      const list = new ListDurableExecutionsByFunctionCommand({ FunctionName: functionName, MaxItems: 10 });
      const { DurableExecutions = [] } = await client.send(list).catch((error: unknown) => {
        throw lambdaError("list its runs", "ListDurableExecutionsByFunction", functionName, error);
      });
      const running = DurableExecutions.find(isRunning);
      return running && runningExecution(running);
    },
    readHistory: async (execution, { order, max }) => {
      const command = new GetDurableExecutionHistoryCommand({
        DurableExecutionArn: execution,
        IncludeExecutionData: true,
        MaxItems: max,
        ReverseOrder: order === "last",
      });
      const { Events = [], NextMarker } = await client.send(command).catch((error: unknown) => {
        throw lambdaError("read a run's history", "GetDurableExecutionHistory", execution, error);
      });
      const events = Events.map(runEvent);
      return { events: order === "last" ? events.toReversed() : events, hasMore: NextMarker !== undefined };
    },
    stop: async (execution) => {
      const reason = { ErrorType: "Stopped", ErrorMessage: "Stopped by nightshift stop" };
      const command = new StopDurableExecutionCommand({ DurableExecutionArn: execution, Error: reason });
      await client.send(command).catch((error: unknown) => {
        throw lambdaError("stop its runs", "StopDurableExecution", execution, error);
      });
    },
  };
}

const ends: readonly string[] = ["SUCCEEDED", "FAILED", "TIMED_OUT", "STOPPED"];

function isRunning({ Status }: Execution): boolean {
  return !ends.includes(String(Status));
}

function runningExecution(execution: Execution): RunningExecution {
  const { DurableExecutionArn = "", DurableExecutionName = "", StartTimestamp = new Date(0) } = execution;
  return { execution: DurableExecutionArn, run: DurableExecutionName, since: StartTimestamp };
}

function lambdaError(what: string, operation: string, subject: string, error: unknown): JobError {
  const failed = loginError(what, `Allow it lambda:${operation}.`, `${operation} ${subject}`, error);
  if (failed.details.name !== "ResourceNotFoundException") return failed;
  return new JobError("REQUEST_INVALID", `Lambda does not know ${subject}`, {
    cause: error,
    hint: "Deploy the stack again. Lambda forgets a run 14 days after its end.",
  });
}

function startError(functionName: string, error: unknown): JobError {
  const failed = lambdaError("start runs", "InvokeFunction", functionName, error);
  const isUnknown = failed.details.status === undefined && failed.code === "STORAGE_FAILED";
  if (!isUnknown) return failed;
  return new JobError("START_FAILED", `${failed.message}, so that a run may have been started`, {
    cause: error,
    hint: "Check the network, then run the command again: within a minute the same request starts one run.",
  });
}

function functionFailed(response: unknown): JobError {
  const { errorType = "?", errorMessage = "" } = Object(response) as Readonly<Record<string, unknown>>;
  return new JobError("START_FAILED", `start-run failed, ${errorType}: ${errorMessage}`, {
    hint: "Read its log: npx nightshift explain start-failed --stack <name>.",
  });
}
