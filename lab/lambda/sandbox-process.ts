import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FunctionVersion } from "./function-settings.ts";
import { limits } from "./limits.ts";
import { watchMemory } from "./memory-watch.ts";
import { sandboxEnvironment } from "./sandbox-environment.ts";

export type Death = "killed" | "timed out" | "out of memory" | "init timed out" | "exited";

export interface SandboxOptions {
  readonly fn: FunctionVersion;
  /** Environment of every function, beneath its own. */
  readonly shared: Readonly<Record<string, string>>;
  readonly clockOffsetMs: number;
  readonly onOutput: (text: string) => void;
}

/** The child process of a sandbox, in its own temporary folder. */
export interface SandboxProcess {
  readonly kill: (cause: Death) => void;
  /** Reason why it is dead or dying. */
  readonly death: () => Death | undefined;
  /** Settles when the process has ended, its output was read, and its folder is removed. */
  readonly gone: Promise<{ readonly death: Death; readonly exitCode: number | null }>;
}

const runtimeLoop = fileURLToPath(new URL("runtime-loop.mjs", import.meta.url));

/** Starts the runtime of a sandbox in a child process. */
export async function startProcess(options: SandboxOptions, runtimeApi: string): Promise<SandboxProcess> {
  const { fn, shared } = options;
  const tmp = await mkdtemp(join(tmpdir(), "nightshift-sandbox-"));
  const child = spawnRuntime(options, sandboxEnvironment({ fn, runtimeApi, tmp, shared }));
  let death: Death | undefined;
  const kill = (cause: Death) => {
    death ??= cause;
    child.kill("SIGKILL");
  };
  const unwatch = watchMemory(child.pid ?? 0, fn.memoryMb + limits.memorySlackMb, () => kill("out of memory"));
  const closed = Promise.withResolvers<number | null>();
  child.once("exit", () => {
    death ??= "exited";
    unwatch();
  });
  child.once("close", closed.resolve);
  const gone = closed.promise.then(async (exitCode) => {
    await rm(tmp, { recursive: true, force: true });
    return { death: death ?? "exited", exitCode };
  });
  return { kill, death: () => death, gone };
}

function spawnRuntime({ fn, clockOffsetMs, onOutput }: SandboxOptions, env: Record<string, string>): ChildProcess {
  // A container has no more memory than its function, and V8 sizes its heap by that.
  const args = [`--max-old-space-size=${fn.memoryMb}`, runtimeLoop, String(clockOffsetMs)];
  if (fn.ephemeralStorageBytes !== undefined) args.push(String(fn.ephemeralStorageBytes));
  const child = spawn(process.execPath, args, { cwd: fn.dir, env, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.setEncoding("utf8").on("data", onOutput);
  child.stderr.setEncoding("utf8").on("data", onOutput);
  return child;
}
