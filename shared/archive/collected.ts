/** So much is streamed between two collections. */
const longestGarbage = 4 * 1024 * 1024;
let streamed = 0;

/**
 * The same chunks, with the buffers of those gone by collected now and then: they lie outside V8's heap, and V8 by itself
 * would let tens of megabytes of them pile up (measured by `npm run bench`). Needs `--expose-gc`; without it, it passes on.
 */
export async function* collected<T extends Uint8Array>(chunks: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const chunk of chunks) {
    yield chunk;
    streamed += chunk.length;
    if (streamed < longestGarbage) continue;
    streamed = 0;
    globalThis.gc?.({ type: "minor" });
  }
}
