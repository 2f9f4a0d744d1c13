import { JobError } from "../../../shared/errors.ts";

/** A body whose connection breaks after half of its first chunk, with the bucket's error. */
export async function* brokenStream(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk.subarray(0, chunk.length / 2);
    throw new JobError("STORAGE_FAILED", "GetObject answered TimeoutError", { retryable: true });
  }
}
