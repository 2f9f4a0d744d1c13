import type { Bucket, ObjectStream } from "../aws/bucket.ts";
import type { CallRecord } from "../core/calls/call-record.ts";
import { JobError } from "../errors.ts";
import { recordsOf } from "../storage/record-lines.ts";

/** In a row that brought nothing. */
const mostTries = 3;

/**
 * A day's records, from a file that was opened already. A connection breaks where the reader rests, as one does who pages
 * through what was found: it is taken up anew where it was, as long as the file is the same.
 */
export async function* recordsOfDay(archive: Bucket, key: string, opened: ObjectStream): AsyncGenerator<CallRecord> {
  let { chunks } = opened;
  let given = 0;
  for (let tried = 1; ; tried++) {
    const before = given;
    let place = 0;
    try {
      for await (const record of recordsOf(chunks, key)) {
        if (++place <= given) continue;
        given = place;
        yield record;
      }
      return;
    } catch (error) {
      if (given > before) tried = 1;
      if (!(error instanceof JobError) || !error.retryable || tried === mostTries) throw error;
      const again = await archive.open(key);
      if (again?.etag !== opened.etag) throw error;
      chunks = again.chunks;
    }
  }
}

/** A body that nobody reads would keep its connection: it is begun and left. */
export async function leave({ chunks }: ObjectStream): Promise<void> {
  for await (const _chunk of chunks) return;
}
