import type { Bucket, ObjectStream } from "../aws/bucket.ts";
import type { CallRecord } from "../core/calls/call-record.ts";
import { JobError } from "../errors.ts";
import { recordsOf } from "../storage/record-lines.ts";

/** Consecutive attempts without a new record. */
const maxReadAttempts = 3;

/**
 * Reads a day's records from an opened file. If the connection breaks, because the consumer waits for long, it opens the file
 * again and continues after the last record, unless the file has changed.
 */
export async function* recordsOfDay(archive: Bucket, key: string, opened: ObjectStream): AsyncGenerator<CallRecord> {
  let { chunks } = opened;
  let yielded = 0;
  for (let attempt = 1; ; attempt++) {
    const yieldedBefore = yielded;
    let position = 0;
    try {
      for await (const record of recordsOf(chunks, key)) {
        if (++position <= yielded) continue;
        yielded = position;
        yield record;
      }
      return;
    } catch (error) {
      if (yielded > yieldedBefore) attempt = 1;
      if (!(error instanceof JobError) || !error.retryable || attempt === maxReadAttempts) throw error;
      const reopened = await archive.open(key);
      if (reopened?.etag !== opened.etag) throw error;
      chunks = reopened.chunks;
    }
  }
}

/** Closes an unread body by starting to read it and stopping: otherwise it would keep its connection. */
export async function closeStream({ chunks }: ObjectStream): Promise<void> {
  for await (const _chunk of chunks) return;
}
