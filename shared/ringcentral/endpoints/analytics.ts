import * as z from "zod/mini";
import type { AnalyticsHttpRequest } from "../../core/analytics/analytics-query.ts";
import { fieldErrorText } from "../../core/field-errors.ts";
import { lenient, optional } from "../../core/optional.ts";
import { JobError } from "../../errors.ts";
import type { Client } from "../http/client.ts";
import { parseResponseJson } from "../http/response-json.ts";

/** More pages would not end within a night. */
const maxResponsePages = 10_000;
const PageSchema = z.looseObject({
  paging: z.looseObject({ totalPages: z.int().check(z.gte(0), z.lte(maxResponsePages)) }),
  data: z.looseObject({ records: z.array(z.unknown()) }),
});

/** A page of the Business Analytics API with every field that RingCentral sent. */
export type AnalyticsResponse = z.infer<typeof PageSchema>;

/** Sends POST …/aggregation/fetch or …/timeline/fetch, which only read. Returns the response text unchanged. */
export function fetchAnalytics(client: Client, request: AnalyticsHttpRequest): Promise<string> {
  const url = new URL(request.path, client.server);
  url.search = new URLSearchParams(request.query).toString();
  return client.sendText(url, { group: "light", body: JSON.stringify(request.body) });
}

/**
 * Parses a page. RingCentral's documentation requires only `paging` and `data.groupedBy`, so a page with `groupedBy` and
 * without records, or with zero elements, gets an empty list of records.
 * @throws API_BAD_RESPONSE when the response is no page
 */
export function parseAnalyticsResponse(text: string): AnalyticsResponse {
  const page = PageSchema.safeParse(withRecords(parseResponseJson(text)));
  if (page.success) return page.data;
  throw new JobError(
    "API_BAD_RESPONSE",
    `The analytics response does not match RingCentral's documentation: ${fieldErrorText(page.error.issues)}`,
    { hint: "Open an issue with this message. Nothing of that response was stored." },
  );
}

const EmptyPage = z.looseObject({
  paging: optional(z.looseObject({ totalPages: optional(z.unknown()), totalElements: lenient(z.int()) })),
  data: optional(
    z.looseObject({ groupedBy: lenient(z.string().check(z.minLength(1))), records: optional(z.undefined()) }),
  ),
});

/** Adds an empty list of records to a page that may omit it; returns any other value unchanged. */
function withRecords(value: unknown): unknown {
  const page = EmptyPage.safeParse(value);
  if (!page.success) return value;
  const { paging, data } = page.data;
  if (paging?.totalElements !== 0 && data?.groupedBy === undefined) return value;
  return {
    ...page.data,
    paging: { ...paging, totalPages: paging?.totalPages ?? 0 },
    data: { ...data, records: [] },
  };
}
