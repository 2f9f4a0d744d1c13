import * as z from "zod/mini";
import type { AnalyticsHttpRequest } from "../../core/analytics/analytics-query.ts";
import { fieldErrorText } from "../../core/field-errors.ts";
import { lenient, optional } from "../../core/optional.ts";
import { JobError } from "../../errors.ts";
import type { Client } from "../http/client.ts";
import { answerJson } from "../http/response-json.ts";

/** What is longer would not end within a night. */
const mostPages = 10_000;
const PageSchema = z.looseObject({
  paging: z.looseObject({ totalPages: z.int().check(z.gte(0), z.lte(mostPages)) }),
  data: z.looseObject({ records: z.array(z.unknown()) }),
});

/** A page of the Business Analytics API with every field as RingCentral gave it. */
export type AnalyticsResponse = z.infer<typeof PageSchema>;

/** POST …/aggregation/fetch or …/timeline/fetch, which only read: the answer as it came. */
export function fetchAnalytics(client: Client, request: AnalyticsHttpRequest): Promise<string> {
  const url = new URL(request.path, client.server);
  url.search = new URLSearchParams(request.query).toString();
  return client.sendText(url, { group: "light", body: JSON.stringify(request.body) });
}

/**
 * Parses a page. Only `paging` and `data.groupedBy` are required by RingCentral's documentation: a page without records
 * beside a good `groupedBy`, or of no elements, has an empty list of records.
 * @throws JobError API_BAD_RESPONSE where the response is no page
 */
export function parseAnalyticsResponse(text: string): AnalyticsResponse {
  const answer = PageSchema.safeParse(withRecords(answerJson(text)));
  if (answer.success) return answer.data;
  throw new JobError(
    "API_BAD_RESPONSE",
    `RingCentral's analytics have another form than documented: ${fieldErrorText(answer.error.issues)}`,
    { hint: "Open an issue with this message; nothing was stored of that answer." },
  );
}

const EmptyPage = z.looseObject({
  paging: optional(z.looseObject({ totalPages: optional(z.unknown()), totalElements: lenient(z.int()) })),
  data: optional(
    z.looseObject({ groupedBy: lenient(z.string().check(z.minLength(1))), records: optional(z.undefined()) }),
  ),
});

/** Adds an empty list of records to a page that may lack it; returns anything else unchanged. */
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
