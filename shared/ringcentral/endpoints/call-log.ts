import * as z from "zod/mini";
import { type CallRecord, parseCallRecord } from "../../core/calls/call-record.ts";
import { fieldErrorText } from "../../core/field-errors.ts";
import { optional } from "../../core/optional.ts";
import type { Span } from "../../core/time/days.ts";
import { JobError } from "../../errors.ts";
import type { Client } from "../http/client.ts";
import { answerJson } from "../http/response-json.ts";
import { isUrl } from "../http/transport.ts";

/** RingCentral's maximum; it may give fewer. */
export const maxRecordsPerPage = 1000;
/** What is longer is no page, and too much to work on at once. */
const longestPage = 10 * maxRecordsPerPage;

const Link = z.string().check(z.refine((uri) => isUrl(uri), "expected an address"));
const Page = z.object({
  records: z.array(z.unknown()).check(z.maxLength(longestPage)),
  navigation: optional(z.object({ nextPage: optional(z.object({ uri: optional(Link) })) })),
});

/** The fields that are read of a page, as RingCentral may give them. */
export type CallLogAnswer = z.input<typeof Page>;

/** One page of the company call log. */
export interface CallLogPage {
  readonly records: readonly CallRecord[];
  /** Length of its JSON. */
  readonly bytes: number;
  /** Where the next page is, or undefined on the last: the only sign of the end (guide: navigation). */
  readonly next: string | undefined;
}

/** The first page of a listing of all calls that started within `span`; both bounds are inclusive at RingCentral. */
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

/**
 * The shorter page that begins where the page at `url` does: half as long (of page p, page 2p − 1), or a fifth. Undefined
 * for a page of one record, or one that does not say its length.
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

/** Reads one page; records keep every field. @throws JobError API_BAD_RESPONSE where it is not a page */
export async function fetchCallLogPage(client: Client, url: string): Promise<CallLogPage> {
  const text = await client.sendText(url, { group: "heavy" });
  const page = Page.safeParse(answerJson(text));
  if (!page.success) throw unexpected(fieldErrorText(page.error.issues));
  return {
    records: page.data.records.map(parseCallRecord),
    bytes: text.length,
    next: page.data.navigation?.nextPage?.uri,
  };
}

function unexpected(wrong: string): JobError {
  return new JobError("API_BAD_RESPONSE", `RingCentral's call log has another form than documented: ${wrong}`, {
    hint: "Open an issue with this message; nothing was stored of that page.",
  });
}
