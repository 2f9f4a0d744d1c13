import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { runNightshift } from "./run-nightshift.ts";
import type { Shell } from "./shell.ts";

/** Runs the command line of this process and sets its exit status. */
export async function main(): Promise<void> {
  // The reader of a pipe, such as `head`, has closed it.
  process.stdout.on("error", () => process.exit(2));
  process.exitCode = await runNightshift(process.argv.slice(2), shellOfProcess());
}

function shellOfProcess(): Shell {
  const interrupt = new AbortController();
  const { signal } = interrupt;
  const end = () => interrupt.abort();
  return {
    get columns() {
      return process.stdout.columns;
    },
    write: (content) => void process.stdout.write(content),
    writeError: (content) => void process.stderr.write(content),
    isTerminal: process.stdout.isTTY && process.stderr.isTTY,
    readInput: () => text(process.stdin),
    interrupted: signal,
    pause: async (ms) => {
      // Only while it waits: otherwise Ctrl-C ends the process, which changes nothing.
      process.once("SIGINT", end);
      await sleep(ms, undefined, { signal }).catch(() => {});
      process.off("SIGINT", end);
    },
    deferInterrupt: async (work) => {
      process.once("SIGINT", end);
      return work().finally(() => process.off("SIGINT", end));
    },
  };
}
