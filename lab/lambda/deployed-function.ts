import { randomUUID } from "node:crypto";
import type { FunctionVersion } from "./function-settings.ts";
import { limits } from "./limits.ts";
import { type Outcome, type OutcomeKind, type Sandbox, startSandbox } from "./sandbox.ts";
import { createSandboxPool, type SandboxPool } from "./sandbox-pool.ts";
import type { ServiceContext } from "./service-context.ts";

export interface InvocationRecord {
  readonly function: string;
  /** Name of the durable execution; undefined for ordinary functions. */
  readonly execution?: string;
  readonly requestId: string;
  /** Lab time. */
  readonly startedAt: Date;
  readonly coldStart: boolean;
  readonly outcome: OutcomeKind;
  /** Billed duration in milliseconds of real time, rounded up, including a cold start. */
  readonly billedMs: number;
}

/** A version of a function with its sandboxes. */
export interface DeployedFunction extends Pick<SandboxPool, "kill" | "recycle" | "stop"> {
  readonly settings: FunctionVersion;
  readonly invoke: (payload: string, execution?: string) => Promise<Outcome & { readonly record: InvocationRecord }>;
  readonly invocations: readonly InvocationRecord[];
  /** See `Lambda.limitStorage`. */
  readonly limitStorage: (bytes: number) => void;
  /** Complete output of its processes. */
  readonly log: () => string;
}

/** Deploys a version of a function. */
export function deployFunction(settings: FunctionVersion, context: ServiceContext): DeployedFunction {
  const { clock, timers, emit, environment } = context;
  const { name } = settings;
  const invocations: InvocationRecord[] = [];
  const output: string[] = [];
  const onOutput = (text: string) => {
    output.push(text);
    emit({ type: "log", function: name, text });
  };
  let current = settings;
  const limitStorage = (bytes: number) => {
    if (settings.ephemeralStorageBytes === undefined) throw new Error(`${name} was deployed without a limit of /tmp.`);
    current = { ...settings, ephemeralStorageBytes: bytes };
  };
  const pool = createSandboxPool(() => {
    const clockOffsetMs = clock.offsetMs() + settings.clockErrorMs;
    return startSandbox({ fn: current, shared: environment, clockOffsetMs, onOutput });
  });

  const invoke = async (payload: string, execution?: string) => {
    const release = timers.hold();
    const startedAt = new Date(clock.now());
    const startedMs = performance.now();
    const { sandbox, coldStart, giveBack } = await pool.lease(execution);
    const about: About = { function: name, requestId: randomUUID(), ...(execution !== undefined && { execution }) };
    emit({ type: "invocation-started", ...about, coldStart });
    const outcome = await runIn(sandbox, payload, { settings: current, context, about });
    giveBack();
    const billedMs = Math.ceil(performance.now() - startedMs);
    const record = { ...about, startedAt, coldStart, outcome: outcome.kind, billedMs };
    invocations.push(record);
    if (outcome.kind === "crashed") emit({ type: "crashed", ...about, error: outcome.payload });
    emit({ type: "invocation-ended", ...about, outcome: outcome.kind, billedMs });
    release();
    return { ...outcome, record };
  };
  const { kill, recycle, stop } = pool;
  return { settings, invoke, invocations, limitStorage, log: () => output.join(""), kill, recycle, stop };
}

interface About {
  readonly function: string;
  readonly requestId: string;
  readonly execution?: string;
}

interface Run {
  readonly settings: FunctionVersion;
  readonly context: ServiceContext;
  readonly about: About;
}

async function runIn(sandbox: Sandbox, payload: string, run: Run): Promise<Outcome> {
  const { requestId, ...moment } = run.about;
  const { killPlan } = run.context;
  if (killPlan.verdict({ ...moment, at: "invocation-start" })) sandbox.kill();
  const outcome = await sandbox.invoke(requestId, { headers: () => invocationHeaders(run), payload });
  if (outcome.kind !== "answered") return outcome;
  if (killPlan.verdict({ ...moment, at: "before-answer" })) {
    sandbox.kill();
    return failure("crashed", "Runtime.ExitError", "Runtime exited with error: signal: killed");
  }
  const { responseBytes } = limits;
  if (Buffer.byteLength(outcome.payload) <= responseBytes) return outcome;
  const message = `Response payload size exceeded maximum allowed payload size (${responseBytes} bytes).`;
  return failure("function-error", "Function.ResponseSizeTooLarge", message);
}

function failure(kind: OutcomeKind, errorType: string, errorMessage: string): Outcome {
  return { kind, payload: JSON.stringify({ errorType, errorMessage }) };
}

function invocationHeaders({ settings, context: { clock }, about }: Run): Record<string, string> {
  const { arn, alias, clockErrorMs, timeoutMs, ephemeralStorageBytes: storage } = settings;
  return {
    "lambda-runtime-aws-request-id": about.requestId,
    // Guess: who sets the deadline reads the same wrong clock as the container, so the time left comes out right.
    "lambda-runtime-deadline-ms": String(clock.now() + clockErrorMs + timeoutMs),
    "lambda-runtime-invoked-function-arn": `${arn}:${alias}`,
    "lambda-runtime-trace-id": "Root=1-00000000-000000000000000000000000;Sampled=0",
    "lab-clock-offset-ms": String(clock.offsetMs() + clockErrorMs),
    ...(storage !== undefined && { "lab-ephemeral-storage-bytes": String(storage) }),
  };
}
