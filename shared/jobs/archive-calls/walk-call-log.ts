import { stateKeys } from "../../core/object-keys.ts";
import { type Day, spanOf } from "../../core/time/days.ts";
import { hasCode, JobError } from "../../errors.ts";
import { callLogUrl, fetchCallLogPage, shorterPageUrl } from "../../ringcentral/endpoints/call-log.ts";
import { isForSlowBody } from "../../ringcentral/http/client.ts";
import { createListingPart, type ListingPart, type ListingPartHead, readListingPart } from "./listing-part.ts";
import { minPageSize, type PageSizes } from "./page-sizes.ts";
import { createRecordBuffer } from "./record-buffer.ts";
import type { ArchiveServices } from "./services.ts";

/** RingCentral numbers pages to 1,000; a longer listing would not end. */
const maxListingPages = 1_000;
/** A part is stored at this size: it limits what a killed invocation repeats, and memory. */
const maxRecordsPerPart = 2_000;
const maxBytesPerPart = 8 * 1024 * 1024;

/** One complete listing of a day, in parts. */
export interface CallLogWalk {
  /** Start of the listing, ISO 8601. */
  readonly at: string;
  readonly parts: readonly ListingPart[];
  readonly discard: () => Promise<void>;
}

export interface WalkOptions {
  readonly account: string;
  readonly day: Day;
  readonly sizes: PageSizes;
  /** Called for every page that arrived. */
  readonly succeeded: () => void;
}

/**
 * Walks a day's call log from the first to the last page, each fetched once. An interrupted walk continues after its stored
 * parts. The order of records is undocumented and pages drift, so each part is sorted separately and merged later.
 */
export async function walkCallLog(services: ArchiveServices, options: WalkOptions): Promise<CallLogWalk> {
  const { account, day, sizes } = options;
  const parts: ListingPart[] = [];
  const discard = async () => {
    for (const part of parts) await part.discard();
  };
  const first = callLogUrl(services.client.server, spanOf(day, services.timeZone), sizes.recordsPerPage);
  let head: ListingPartHead = { at: services.now().toISOString(), pages: 0, next: first };
  const partStarts = new Set<string>();
  try {
    while (head.next !== undefined) {
      // A listing that loops reaches the start of an earlier part again.
      if (partStarts.has(head.next)) throw endless(day, head.pages);
      partStarts.add(head.next);
      const key = stateKeys.listingPart(account, day, services.run.name, parts.length + 1);
      const part = (await readListingPart(services.state, key)) ?? (await readPart(services, options, key, head));
      parts.push(part);
      head = part.head;
    }
    return { at: head.at, parts, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** Fetches pages until the part is full or the listing ends. Pages fetched before a pause are stored, too. */
async function readPart(
  services: ArchiveServices,
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
    if (head.pages === maxListingPages || seen.has(url)) throw endless(day, head.pages);
    seen.add(url);
    try {
      const page = await fetchCallLogPage(services.client, url);
      succeeded();
      sizes.add({ records: page.records.length, bytes: page.bytes });
      for (const record of page.records) records.add(record);
      head = { at: head.at, pages: head.pages + 1, ...(page.next !== undefined && { next: page.next }) };
    } catch (error) {
      // Later pages keep the shorter length. The rate window may end before the right length is known.
      const shorter = shorterPage(services, url, error);
      if (shorter !== undefined) head = { ...head, next: shorter };
      if (shorter === undefined || isForSlowBody(error)) failure = { error };
    }
  }
  if (failure && head === from) throw failure.error;
  const part = await createListingPart(services.state, key, head, records);
  if (!failure) return part;
  await part.discard();
  throw failure.error;
}

/** Returns the shorter page to fetch instead: half if the page was too large, a quarter if it was too slow. */
function shorterPage({ log }: Pick<ArchiveServices, "log">, url: string, error: unknown): string | undefined {
  const isTooLarge = hasCode(error, "API_TOO_LARGE");
  const shorter = isTooLarge ? shorterPageUrl(url) : isForSlowBody(error) ? quarterPageUrl(url) : undefined;
  if (shorter !== undefined)
    log.info(isTooLarge ? "page too large" : "page too slow", { from: pageOf(url), to: pageOf(shorter) });
  return shorter;
}

/**
 * Returns a page of a quarter of the length, because a day has three slices only. Never below the minimum, because the
 * stall may be temporary.
 */
function quarterPageUrl(url: string): string | undefined {
  const halfOf = (page: string) => (pageOf(page).perPage / 2 >= minPageSize ? shorterPageUrl(page) : undefined);
  const half = halfOf(url);
  return half && (halfOf(half) ?? half);
}

function pageOf(url: string) {
  const { searchParams } = new URL(url);
  return { page: Number(searchParams.get("page") ?? 1), perPage: Number(searchParams.get("perPage")) };
}

function endless(day: Day, pages: number): JobError {
  return new JobError("API_BAD_RESPONSE", `The call log of ${day} did not end after ${pages} pages`, {
    hint: "Open an issue. The day stays open and is listed again next night.",
    details: { day, pages },
  });
}
