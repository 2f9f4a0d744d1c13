import * as z from "zod/mini";
import { type CallRecord, parseCallRecord } from "../../core/calls/call-record.ts";
import { fieldErrorText } from "../../core/field-errors.ts";
import { optional } from "../../core/optional.ts";
import type { Span } from "../../core/time/days.ts";
import { JobError } from "../../errors.ts";
import type { Client } from "../http/client.ts";
import { parseResponseJson } from "../http/response-json.ts";
import { isUrl } from "../http/transport.ts";

/** RingCentral's maximum; it may send fewer. */
export const maxRecordsPerPage = 1000;
/** A longer list is no page, and too large to process. */
const maxAcceptedRecords = 10 * maxRecordsPerPage;

const Link = z.string().check(z.refine((uri) => isUrl(uri), "expected a URL"));
const Page = z.object({
  records: z.array(z.unknown()).check(z.maxLength(maxAcceptedRecords)),
  navigation: optional(z.object({ nextPage: optional(z.object({ uri: optional(Link) })) })),
});

/** The fields read from a page, as RingCentral may send them. */
export type CallLogPageInput = z.input<typeof Page>;

/** One page of the company call log. */
export interface CallLogPage {
  readonly records: readonly CallRecord[];
  /** Length of the page's JSON in UTF-16 code units. */
  readonly bytes: number;
  /**
   * URL of the next page. Undefined on the last page, the only sign of the end.
   * https://developers.ringcentral.com/api-reference/Call-Log/readCompanyCallLog
   */
  readonly next: string | undefined;
}

/** Returns the URL of the first page of all calls that started within `span`. RingCentral includes both bounds. */
export function callLogUrl(server: string, { from, to }: Span, perPage = maxRecordsPerPage): string {
  const url = new URL("/restapi/v1.0/account/~/call-log", server);
  url.search = new URLSearchParams({
    view: "Detailed",
    showDeleted: "true",
    dateFrom: from.toISOString(),
    dateTo: to.toISOString(),
    perPage: String(perPage),
  }).toString();
  return url.href;
}

/** Returns the URL of the first page of the span's calls that have a recording. */
export function recordedCallsUrl(server: string, span: Span, perPage: number): string {
  const url = new URL(callLogUrl(server, span, perPage));
  url.searchParams.set("recordingType", "All");
  return url.href;
}

/**
 * Returns the URL of a shorter page with the same start: half the length (page p becomes page 2p − 1), or a fifth.
 * Undefined for a page of one record or of unknown length.
 */
export function shorterPageUrl(url: string): string | undefined {
  const shorter = new URL(url);
  const perPage = Number(shorter.searchParams.get("perPage"));
  const page = Number(shorter.searchParams.get("page") ?? 1);
  const factor = [2, 5].find((each) => perPage > 0 && perPage % each === 0);
  if (!factor || !Number.isInteger(page)) return undefined;
  shorter.searchParams.set("perPage", String(perPage / factor));
  shorter.searchParams.set("page", String(factor * (page - 1) + 1));
  return shorter.href;
}

/** Fetches one page; records keep every field. @throws Pause; API_BAD_RESPONSE when the response is no page */
export async function fetchCallLogPage(client: Client, url: string): Promise<CallLogPage> {
  const text = await client.sendText(url, { group: "heavy" });
  const page = Page.safeParse(parseResponseJson(text));
  if (!page.success) throw unexpected(fieldErrorText(page.error.issues));
  return {
    records: page.data.records.map(parseCallRecord),
    bytes: text.length,
    next: page.data.navigation?.nextPage?.uri,
  };
}

function unexpected(errors: string): JobError {
  return new JobError("API_BAD_RESPONSE", `The call log page does not match RingCentral's documentation: ${errors}`, {
    hint: "Open an issue with this message. Nothing of that page was stored.",
  });
}
