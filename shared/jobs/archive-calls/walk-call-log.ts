import { stateKeys } from "../../core/object-keys.ts";
import { type Day, spanOf } from "../../core/time/days.ts";
import { JobError } from "../../errors.ts";
import { callLogUrl, fetchCallLogPage, shorterPageUrl } from "../../ringcentral/endpoints/call-log.ts";
import { isForSlowBody } from "../../ringcentral/http/client.ts";
import { forceGc } from "../../storage/forced-gc.ts";
import { type ListingPart, type ListingPartHead, makePart, storedPart } from "./listing-part.ts";
import { type PageSizes, shortestPage } from "./page-sizes.ts";
import { createRecordBuffer } from "./record-buffer.ts";
import type { ArchiveServices } from "./services.ts";

/** RingCentral numbers pages to 1,000; a list that goes on beyond does not end. */
const longestListing = 1_000;
/** A part is stored when it has so many records, or bytes: what a kill repeats, and what is held in memory. */
const maxRecordsPerPart = 2_000;
const maxBytesPerPart = 8 * 1024 * 1024;

/** One complete listing of a day, in parts. */
export interface CallLogWalk {
  /** When it began. */
  readonly at: string;
  readonly parts: readonly ListingPart[];
  readonly discard: () => Promise<void>;
}

export interface WalkOptions {
  readonly account: string;
  readonly day: Day;
  readonly sizes: PageSizes;
  /** Called for every page that came. */
  readonly succeeded: () => void;
}

/**
 * Walks a day's call log from its first page to its last, each read once: a walk that was broken off goes on behind the
 * parts it had stored. Order is undocumented and pages drift, so each part is sorted by itself and merged later.
 */
export async function walkCallLog(s: ArchiveServices, options: WalkOptions): Promise<CallLogWalk> {
  const { account, day, sizes } = options;
  const parts: ListingPart[] = [];
  const discard = async () => {
    for (const part of parts) await part.discard();
  };
  const first = callLogUrl(s.client.server, spanOf(day, s.timeZone), sizes.recordsPerPage);
  let head: ListingPartHead = { at: s.now().toISOString(), pages: 0, next: first };
  const begun = new Set<string>();
  try {
    while (head.next !== undefined) {
      // A listing that leads back to where it has been comes, sooner or later, to where a part of it began.
      if (begun.has(head.next)) throw endless(day, head.pages);
      begun.add(head.next);
      const key = stateKeys.listingPart(account, day, s.run.name, parts.length + 1);
      const part = (await storedPart(s.state, key)) ?? (await readPart(s, options, key, head));
      parts.push(part);
      head = part.head;
    }
    return { at: head.at, parts, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** Reads pages until a part is full or the listing ends. What was read before a pause is stored all the same. */
async function readPart(
  s: ArchiveServices,
  options: WalkOptions,
  key: string,
  from: ListingPartHead,
): Promise<ListingPart> {
  const { day, sizes, succeeded } = options;
  const records = createRecordBuffer();
  let head = from;
  const seen = new Set<string>();
  let failure: { readonly error: unknown } | undefined;
  const isFull = () => records.count() >= maxRecordsPerPart || records.bytes() >= maxBytesPerPart;
  while (head.next !== undefined && !isFull() && !failure) {
    const url: string = head.next;
    if (head.pages === longestListing || seen.has(url)) throw endless(day, head.pages);
    seen.add(url);
    try {
      const page = await fetchCallLogPage(s.client, url);
      succeeded();
      sizes.add({ records: page.records.length, bytes: page.bytes });
      for (const record of page.records) records.add(record);
      head = { at: head.at, pages: head.pages + 1, ...(page.next !== undefined && { next: page.next }) };
    } catch (error) {
      // The pages after it are as short; a rate window may end before it is known how short.
      const shorter = shorterPage(s, url, error);
      if (shorter !== undefined) head = { ...head, next: shorter };
      if (shorter === undefined || isForSlowBody(error)) failure = { error };
    }
  }
  if (failure && head === from) throw failure.error;
  const part = await makePart(s.state, key, head, records);
  // The pages it was made from: V8 would rather ask for more memory than look for them.
  if (head.next !== undefined) forceGc();
  if (!failure) return part;
  await part.discard();
  throw failure.error;
}

/** The shorter page to read instead: at once if the error says that the page was too large, next time if it was too slow. */
function shorterPage(s: ArchiveServices, url: string, error: unknown): string | undefined {
  const isTooLarge = error instanceof JobError && error.code === "API_TOO_LARGE";
  const shorter = isTooLarge ? shorterPageUrl(url) : isForSlowBody(error) ? quarterPageUrl(url) : undefined;
  if (shorter !== undefined)
    s.log.info(isTooLarge ? "page too large" : "page too slow", { from: pageOf(url), to: pageOf(shorter) });
  return shorter;
}

/** A quarter at once, for the day has three slices only; no shorter than pages need to be, for it may be a passing stall. */
function quarterPageUrl(url: string): string | undefined {
  const half = (of: string) => (pageOf(of).perPage / 2 >= shortestPage ? shorterPageUrl(of) : undefined);
  const shorter = half(url);
  return shorter && (half(shorter) ?? shorter);
}

function pageOf(url: string) {
  const { searchParams } = new URL(url);
  return { page: Number(searchParams.get("page") ?? 1), perPage: Number(searchParams.get("perPage")) };
}

function endless(day: Day, pages: number): JobError {
  return new JobError("API_BAD_RESPONSE", `The call log of ${day} did not end after ${pages} pages`, {
    hint: "Open an issue; that day stays open, and is listed again the next night.",
    details: { day, pages },
  });
}
