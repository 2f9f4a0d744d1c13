import * as z from "zod/mini";
import { type CallRecord, callRecord } from "../core/call-record.ts";
import type { Span } from "../core/days.ts";
import { wrongFields } from "../core/zod-issues.ts";
import { JobError } from "../errors.ts";
import { answerJson } from "./answer-json.ts";
import type { Client } from "./client.ts";
import { isAddress } from "./transport.ts";

/** RingCentral's maximum; it may give fewer. */
const recordsPerPage = 1000;
/** What is longer is no page, and too much to work on at once. */
const longestPage = 10 * recordsPerPage;

const Link = z.string().check(z.refine((uri) => isAddress(uri), "expected an address"));
const Page = z.object({
  records: z.array(z.unknown()).check(z.maxLength(longestPage)),
  navigation: z.optional(z.object({ nextPage: z.optional(z.object({ uri: z.optional(Link) })) })),
});

/** The fields that are read of a page, as RingCentral may give them. */
export type CallLogAnswer = z.input<typeof Page>;

/** One page of the company call log. */
export interface CallLogPage {
  readonly records: readonly CallRecord[];
  /** Where the next page is, or undefined on the last: the only sign of the end (guide: navigation). */
  readonly next: string | undefined;
}

/** The first page of a listing of all calls that started within `span`; both bounds are inclusive at RingCentral. */
export function callLogUrl(server: string, { from, to }: Span): string {
  const url = new URL("/restapi/v1.0/account/~/call-log", server);
  url.search = new URLSearchParams({
    view: "Detailed",
    showDeleted: "true",
    dateFrom: from.toISOString(),
    dateTo: to.toISOString(),
    perPage: String(recordsPerPage),
  }).toString();
  return url.href;
}

/** Reads one page; records keep every field. @throws JobError API_UNEXPECTED where it is not a page */
export async function readCallLogPage(client: Client, url: string): Promise<CallLogPage> {
  const page = Page.safeParse(answerJson(await client.sendText(url, { group: "heavy" })));
  if (!page.success) throw unexpected(wrongFields(page.error.issues));
  return { records: page.data.records.map(callRecord), next: page.data.navigation?.nextPage?.uri };
}

function unexpected(wrong: string): JobError {
  return new JobError("API_UNEXPECTED", `RingCentral's call log has another form than documented: ${wrong}`, {
    todo: "Open an issue with this message; nothing was stored of that page.",
  });
}
