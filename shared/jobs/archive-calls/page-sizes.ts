import { maxRecordsPerPage } from "../../ringcentral/endpoints/call-log.ts";
import { maxTextBytes } from "../../ringcentral/http/client.ts";
import type { RecordBytes } from "../../storage/cached-account.ts";

/** Chooses how many records to request per page of the call log, so that a page fits into memory. */
export interface PageSizes {
  /** Records to request on the first page of a day. */
  readonly recordsPerPage: number;
  /** Takes the size of a fetched page. */
  readonly add: (page: { readonly records: number; readonly bytes: number }) => void;
  /** Returns the bytes per record to cache. Undefined if unchanged, or no page had enough records. */
  readonly takeChange: () => RecordBytes | undefined;
}

/** Shorter pages are used only if a page is too large to read. */
export const minPageSize = maxRecordsPerPage / 8;
const pageSizes = [maxRecordsPerPage, maxRecordsPerPage / 2, maxRecordsPerPage / 4, minPageSize];
/** A page with fewer records is not representative. */
const minRecords = 100;

/**
 * Uses RingCentral's maximum, unless even the lightest page of the last run required shorter ones: one heavy day never costs
 * requests on other days. `cached`: from the last run, or an earlier slice of this one.
 */
export function createPageSizes(run: string, cached: RecordBytes | undefined): PageSizes {
  const isOfThisRun = cached?.run === run;
  const previous = isOfThisRun ? cached.before : cached?.lightest;
  let lightest = isOfThisRun ? cached.lightest : undefined;
  let isChanged = false;
  const expected = previous === undefined ? undefined : Math.min(previous, lightest ?? Infinity);
  const isTooLong = (size: number) => expected !== undefined && size * expected > maxTextBytes;
  return {
    recordsPerPage: pageSizes.find((size) => !isTooLong(size)) ?? minPageSize,
    add: ({ records, bytes }) => {
      const perRecord = Math.ceil(bytes / records);
      if (records < minRecords || perRecord >= (lightest ?? Infinity)) return;
      lightest = perRecord;
      isChanged = true;
    },
    takeChange: () => {
      if (!isChanged || lightest === undefined) return undefined;
      isChanged = false;
      return { run, lightest, ...(previous !== undefined && { before: previous }) };
    },
  };
}
