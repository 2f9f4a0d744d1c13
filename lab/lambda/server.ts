import { createServer } from "node:http";
import { createClock, type LabClock } from "../clock.ts";
import { createAsynchronousInvocations, type DiscardedEvent } from "./asynchronous-invocations.ts";
import type { InvocationRecord } from "./deployed-function.ts";
import { type ExecutionView, viewOf } from "./execution.ts";
import { createExecutions } from "./executions.ts";
import type { FunctionSettings } from "./function-settings.ts";
import { createFunctions } from "./functions.ts";
import { type Invocation, type InvokeOptions, invokeOver } from "./invoke-client.ts";
import { createKillPlan, type Moment, type Verdict } from "./kill-plan.ts";
import type { LambdaEvent } from "./lambda-event.ts";
import { listenLocally } from "./listen-locally.ts";
import { route, type Service } from "./routes.ts";
import type { ServiceContext } from "./service-context.ts";
import { createTimers } from "./timers.ts";

export interface LambdaOptions {
  readonly clock?: LabClock;
  /** True if the clock jumps to the end of the next wait whenever nothing runs. @default false */
  readonly skipWaits?: boolean;
  /** Environment of every function. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: LambdaEvent) => void;
}

/** A Lambda service on this machine: real bundles in real processes, real limits, and a durable-execution engine. */
export interface Lambda {
  /** For AWS_ENDPOINT_URL_LAMBDA. */
  readonly url: string;
  /** Publishes a new version of a function and points its alias to it; running executions keep theirs. */
  readonly deploy: (fn: FunctionSettings) => void;
  /** Invokes over HTTP, under the function's name or `name:qualifier`. */
  readonly invoke: (name: string, payload: unknown, options?: InvokeOptions) => Promise<Invocation>;
  readonly executions: () => readonly ExecutionView[];
  /** Resolves when the execution, begun or not, has ended. */
  readonly waitFor: (functionName: string, executionName: string) => Promise<ExecutionView>;
  /** Every invocation that has ended, ordinary and durable. */
  readonly invocations: (functionName?: string) => readonly InvocationRecord[];
  /** Events of type Event that failed three times. */
  readonly discarded: () => readonly DiscardedEvent[];
  /** Kills every busy sandbox of the function. Returns true if there was any. */
  readonly kill: (functionName: string) => boolean;
  /** Calls `plan` at every moment to decide whether to kill the sandbox there. */
  readonly killPlan: (plan: (moment: Moment) => Verdict) => void;
  /** Complete output of the functions' processes. */
  readonly logs: (functionName?: string) => string;
  /** Discards warm sandboxes, so that the next invocation is a cold start. */
  readonly recycle: (functionName?: string) => void;
  /** Sets the size of the function's /tmp in bytes from its next invocation on, even in warm sandboxes. It must have been deployed with a limit. */
  readonly limitStorage: (functionName: string, bytes: number) => void;
  readonly stop: () => Promise<void>;
}

/** Starts a Lambda service. */
export async function startLambda(options: LambdaOptions = {}): Promise<Lambda> {
  const { clock = createClock(), skipWaits = false, environment = {}, onEvent = () => {} } = options;
  const server = createServer();
  const url = `http://127.0.0.1:${await listenLocally(server)}`;
  const context: ServiceContext = {
    clock,
    timers: createTimers({ clock, skipWaits }),
    killPlan: createKillPlan(),
    emit: onEvent,
    environment: { AWS_ENDPOINT_URL_LAMBDA: url, ...environment },
  };
  const service: Service = {
    context,
    functions: createFunctions(context),
    executions: createExecutions(context),
    asynchronous: createAsynchronousInvocations(context),
  };
  server.on("request", (request, response) => void route(request, response, service));
  const stop = async () => {
    context.timers.stop();
    server.close();
    server.closeAllConnections();
    await Promise.all(service.functions.versions().map((fn) => fn.stop()));
  };
  return { ...controls(service), url, invoke: invokeOver(url), stop };
}

function controls({ context, functions, executions, asynchronous }: Service): Omit<Lambda, "url" | "invoke" | "stop"> {
  return {
    deploy: functions.deploy,
    executions: () => executions.all().map(viewOf),
    waitFor: async (functionName, executionName) => {
      const execution = await executions.withName(functionName, executionName);
      await execution.finished.promise;
      return viewOf(execution);
    },
    invocations: (name) => functions.versions(name).flatMap((fn) => fn.invocations),
    discarded: () => asynchronous.discarded,
    kill: (name) => functions.versions(name).filter((fn) => fn.kill()).length > 0,
    killPlan: context.killPlan.set,
    logs: (name) =>
      functions
        .versions(name)
        .map((fn) => fn.log())
        .join(""),
    recycle: (name) => {
      for (const fn of functions.versions(name)) fn.recycle();
    },
    limitStorage: (name, bytes) => {
      for (const fn of functions.versions(name)) fn.limitStorage(bytes);
    },
  };
}
