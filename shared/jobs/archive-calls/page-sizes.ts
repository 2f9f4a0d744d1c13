import { maxRecordsPerPage } from "../../ringcentral/endpoints/call-log.ts";
import { maxTextBytes } from "../../ringcentral/http/client.ts";
import type { RecordBytes } from "../../storage/cached-account.ts";

/** How many records a page of the call log should have, so that it can be read whole. */
export interface PageSizes {
  /** Records to ask for on the first page of a day. */
  readonly recordsPerPage: number;
  /** Notes how large a page was. */
  readonly add: (page: { readonly records: number; readonly bytes: number }) => void;
  /** What to note of the run's pages; undefined if that is noted, or no page had enough records to tell. */
  readonly takeChange: () => RecordBytes | undefined;
}

/** Shorter ones only where a page is too large to be read. */
export const shortestPage = maxRecordsPerPage / 8;
const pageSizes = [maxRecordsPerPage, maxRecordsPerPage / 2, maxRecordsPerPage / 4, shortestPage];
/** Fewer records say nothing of the usual one. */
const minRecords = 100;

/**
 * Pages are as long as RingCentral allows, unless even the lightest page of the last run needed to be shorter: one heavy day
 * never makes the others cost more requests. `noted`: what that run, or an earlier slice of this one, has noted.
 */
export function createPageSizes(run: string, noted: RecordBytes | undefined): PageSizes {
  const isOfThisRun = noted?.run === run;
  const before = isOfThisRun ? noted.before : noted?.lightest;
  let lightest = isOfThisRun ? noted.lightest : undefined;
  let isChanged = false;
  const expected = before === undefined ? undefined : Math.min(before, lightest ?? Infinity);
  const isTooLong = (size: number) => expected !== undefined && size * expected > maxTextBytes;
  return {
    recordsPerPage: pageSizes.find((size) => !isTooLong(size)) ?? shortestPage,
    add: ({ records, bytes }) => {
      const perRecord = Math.ceil(bytes / records);
      if (records < minRecords || perRecord >= (lightest ?? Infinity)) return;
      lightest = perRecord;
      isChanged = true;
    },
    takeChange: () => {
      if (!isChanged || lightest === undefined) return undefined;
      isChanged = false;
      return { run, lightest, ...(before !== undefined && { before }) };
    },
  };
}
