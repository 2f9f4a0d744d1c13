import * as z from "zod/mini";
import type { Bucket } from "../../aws/bucket.ts";
import type { CallRecord } from "../../core/calls/call-record.ts";
import { parseExactJson } from "../../core/exact-json.ts";
import { Instant } from "../../core/fields.ts";
import { gzippedLines, linesOf, recordsOf } from "../../storage/record-lines.ts";
import { maxTextInMemoryBytes, type Spooled, spool } from "../../storage/spool.ts";
import type { RecordBuffer } from "./record-buffer.ts";

/** State of a listing at the end of a part. */
const ListingPartHead = z.object({
  /** Start of the listing: later calls may be missing. */
  at: Instant,
  /** Pages read so far. */
  pages: z.number(),
  /** URL of the next page; undefined at the end. */
  next: z.optional(z.string()),
});
export type ListingPartHead = z.infer<typeof ListingPartHead>;

/** Records of a few pages, sorted, each id once. Spooled, because a day may have a hundred parts. */
export interface ListingPart {
  readonly head: ListingPartHead;
  readonly records: () => AsyncIterable<CallRecord>;
  readonly discard: () => Promise<void>;
}

/**
 * Creates a part, and stores it under `key` so that an interrupted listing can continue. The last part is not stored.
 */
export async function createListingPart(
  state: Bucket,
  key: string,
  head: ListingPartHead,
  records: RecordBuffer,
): Promise<ListingPart> {
  const lines = async function* () {
    yield JSON.stringify(head);
    yield* records.lines();
  };
  const spooled = await spool(gzippedLines(lines()), { maxInMemoryBytes: maxTextInMemoryBytes });
  if (head.next !== undefined) await state.put(key, spooled, "application/gzip");
  return partOf(head, spooled, key);
}

/** Reads a stored part. Undefined if it is missing or damaged: then the pages are fetched again. */
export async function readListingPart(state: Bucket, key: string): Promise<ListingPart | undefined> {
  const stored = await state.open(key);
  if (!stored) return undefined;
  const spooled = await spool(stored.chunks, { maxInMemoryBytes: maxTextInMemoryBytes });
  const head = await headOf(spooled, key);
  if (head) return partOf(head, spooled, key);
  await spooled.discard();
  return undefined;
}

function partOf(head: ListingPartHead, spooled: Spooled, key: string): ListingPart {
  const records = async function* () {
    // The first line is the head; as a record it would have neither id nor start.
    let isHead = true;
    for await (const record of recordsOf(spooled.chunks(), key)) {
      if (!isHead) yield record;
      isHead = false;
    }
  };
  return { head, records, discard: spooled.discard };
}

async function headOf(spooled: Spooled, key: string): Promise<ListingPartHead | undefined> {
  try {
    for await (const line of linesOf(spooled.chunks(), key)) return ListingPartHead.parse(parseExactJson(line));
  } catch {}
  return undefined;
}
