import type { FunctionVersion } from "./function-settings.ts";
import { limits } from "./limits.ts";
import { type Delivery, startRuntimeApi } from "./runtime-api.ts";
import { type Death, type SandboxOptions, startProcess } from "./sandbox-process.ts";

export type OutcomeKind = "answered" | "function-error" | "crashed";

/** End of an invocation. Without a response, `payload` is the error as Lambda reports it. */
export interface Outcome {
  readonly kind: OutcomeKind;
  readonly payload: string;
}

/** One child process and the event it works on. */
export interface Sandbox {
  readonly invoke: (requestId: string, delivery: Delivery) => Promise<Outcome>;
  readonly kill: () => void;
  readonly alive: () => boolean;
  /** Settles when nothing is left of it. */
  readonly gone: Promise<void>;
}

/** Starts a sandbox, which loads the function's bundle and polls for events. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { fn } = options;
  const work = createWork();
  let initError: string | undefined;
  let deadline: NodeJS.Timeout | undefined;
  const runtimeApi = await startRuntimeApi({
    taken: () => limitTo(fn.timeoutMs, "timed out"),
    answered: (requestId, payload) => work.end(requestId, { kind: "answered", payload }),
    failed: (requestId, payload) => work.end(requestId, { kind: "function-error", payload }),
    initFailed: (payload) => {
      initError = payload;
    },
  });
  const child = await startProcess(options, runtimeApi.address);
  const limitTo = (ms: number, cause: Death) => {
    clearTimeout(deadline);
    deadline = setTimeout(child.kill, ms, cause);
    work.onEnd(() => clearTimeout(deadline));
  };
  limitTo(limits.initMs * limits.initPatience, "init timed out");

  const gone = child.gone.then(({ death, exitCode }) => {
    clearTimeout(deadline);
    runtimeApi.stop();
    if (initError !== undefined) work.end(work.requestId(), { kind: "function-error", payload: initError });
    else work.end(work.requestId(), { kind: "crashed", payload: obituary(fn, death, exitCode) });
  });
  return {
    invoke: async (requestId, delivery) => {
      if (child.death()) {
        const { death, exitCode } = await child.gone;
        return { kind: "crashed", payload: obituary(fn, death, exitCode) };
      }
      const outcome = work.begin(requestId);
      runtimeApi.deliver(delivery);
      return outcome;
    },
    kill: () => child.kill("killed"),
    alive: () => child.death() === undefined,
    gone,
  };
}

/** Tracks the invocation that a sandbox runs. Ignores reports for another one. */
function createWork() {
  let current: { readonly requestId: string; readonly resolve: (outcome: Outcome) => void } | undefined;
  let onEnd = () => {};
  return {
    requestId: () => current?.requestId,
    begin: (requestId: string) =>
      new Promise<Outcome>((resolve) => {
        current = { requestId, resolve };
      }),
    onEnd: (listener: () => void) => {
      onEnd = listener;
    },
    end: (requestId: string | undefined, outcome: Outcome) => {
      if (!current || current.requestId !== requestId) return;
      // In the next turn, so that what the handler printed before it answered has been read.
      setImmediate(current.resolve, outcome);
      current = undefined;
      onEnd();
    },
  };
}

function obituary(fn: FunctionVersion, death: Death, exitCode: number | null): string {
  const [errorType, errorMessage] = {
    "timed out": ["Sandbox.Timedout", `Task timed out after ${(fn.timeoutMs / 1000).toFixed(2)} seconds`],
    "init timed out": ["Sandbox.Timedout", `Initialization timed out after ${limits.initMs / 1000} seconds`],
    "out of memory": ["Runtime.OutOfMemory", "Runtime exited with error: signal: killed"],
    killed: ["Runtime.ExitError", "Runtime exited with error: signal: killed"],
    exited: ["Runtime.ExitError", `Runtime exited with error: exit status ${exitCode}`],
  }[death];
  return JSON.stringify({ errorType, errorMessage });
}
