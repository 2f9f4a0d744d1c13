import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { processMemory } from "./process-memory.ts";

/** So much is streamed between two collections. */
const longestGarbage = 4 * 1024 * 1024;

const collect = exposedCollector();

/**
 * The same chunks, with the buffers of those gone by collected now and then: they lie outside V8's heap, and V8 by itself
 * would let tens of megabytes of them pile up (measured by `npm run bench`).
 */
export async function* withForcedGc<T extends Uint8Array>(chunks: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const chunk of chunks) {
    yield chunk;
    processMemory.streamedBytes += chunk.length;
    if (processMemory.streamedBytes < longestGarbage) continue;
    processMemory.streamedBytes = 0;
    collect({ type: "minor" });
  }
}

/** Collects all there is: worth its 30 ms where something large has just been let go of. */
export function forceGc(): void {
  collect({ type: "major" });
}

/** V8's collector, without the flag on the command line: that makes Node compile its own modules anew at every start. */
function exposedCollector(): NodeJS.GCFunction {
  setFlagsFromString("--expose-gc");
  try {
    return runInNewContext("gc") as NodeJS.GCFunction;
  } finally {
    setFlagsFromString("--no-expose-gc");
  }
}
