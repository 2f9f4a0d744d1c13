import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { processMemory } from "./process-memory.ts";

/** Streamed bytes between two collections. */
const gcIntervalBytes = 4 * 1024 * 1024;

const collect = exposedCollector();

/**
 * Passes `chunks` through and forces a garbage collection every 4 MiB. Buffers are outside V8's heap; without this V8
 * keeps tens of megabytes of them (measured with `npm run bench`).
 */
export async function* withForcedGc<T extends Uint8Array>(chunks: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const chunk of chunks) {
    yield chunk;
    processMemory.streamedBytes += chunk.length;
    if (processMemory.streamedBytes < gcIntervalBytes) continue;
    processMemory.streamedBytes = 0;
    collect({ type: "minor" });
  }
}

/** Forces a full garbage collection (30 ms); use it after releasing something large. */
export function forceGc(): void {
  collect({ type: "major" });
}

/**
 * Exposes V8's collector at run time: with the flag on the command line Node recompiles its own modules at every start.
 */
function exposedCollector(): NodeJS.GCFunction {
  setFlagsFromString("--expose-gc");
  try {
    return runInNewContext("gc") as NodeJS.GCFunction;
  } finally {
    setFlagsFromString("--no-expose-gc");
  }
}
