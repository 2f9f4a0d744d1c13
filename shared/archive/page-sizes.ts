import { maxRecordsPerPage } from "../ringcentral/call-log.ts";
import { maxTextBytes } from "../ringcentral/client.ts";

/** How many records a page of the call log should have, so that it can be read whole. */
export interface PageSizes {
  /** Records to ask for on the first page of a day. */
  readonly recordsPerPage: number;
  /** Notes how large a page was. */
  readonly add: (page: { readonly records: number; readonly bytes: number }) => void;
  /** Bytes per record of the lightest page; undefined if no page had enough records to tell. */
  readonly recordBytes: () => number | undefined;
}

const shortest = maxRecordsPerPage / 8;
const pageSizes = [maxRecordsPerPage, maxRecordsPerPage / 2, maxRecordsPerPage / 4, shortest];
/** Fewer records say nothing of the usual one. */
const minRecords = 100;

/**
 * Pages are as long as RingCentral allows, unless even the lightest page of the last night needed to be shorter: one heavy
 * day never makes the others cost more requests. `lastRecordBytes`: bytes per record of that page.
 */
export function createPageSizes(lastRecordBytes: number | undefined): PageSizes {
  let lightest: number | undefined;
  const isTooLong = (size: number) => lastRecordBytes !== undefined && size * lastRecordBytes > maxTextBytes;
  return {
    recordsPerPage: pageSizes.find((size) => !isTooLong(size)) ?? shortest,
    add: ({ records, bytes }) => {
      if (records >= minRecords) lightest = Math.min(lightest ?? Infinity, bytes / records);
    },
    recordBytes: () => lightest && Math.ceil(lightest),
  };
}
