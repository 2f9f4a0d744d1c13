import * as z from "zod/mini";
import type { AnalyticsRequest } from "../core/analytics/request.ts";
import { wrongFields } from "../core/zod-issues.ts";
import { JobError } from "../errors.ts";
import { answerJson } from "./answer-json.ts";
import type { Client } from "./client.ts";

/** What is longer would not end within a night. */
const mostPages = 10_000;
const Answer = z.looseObject({
  paging: z.looseObject({ totalPages: z.int().check(z.gte(0), z.lte(mostPages)) }),
  data: z.looseObject({ records: z.array(z.unknown()) }),
});

/** A page of the Business Analytics API with every field as RingCentral gave it. */
export type AnalyticsAnswer = z.infer<typeof Answer>;

/** POST …/aggregation/fetch or …/timeline/fetch, which only read: the answer as it came. */
export function fetchAnalytics(client: Client, request: AnalyticsRequest): Promise<string> {
  const url = new URL(request.path, client.server);
  url.search = new URLSearchParams(request.query).toString();
  return client.sendText(url, { group: "light", body: JSON.stringify(request.body) });
}

/** @throws JobError API_UNEXPECTED where the answer is no page */
export function parseAnalytics(text: string): AnalyticsAnswer {
  const answer = Answer.safeParse(answerJson(text));
  if (answer.success) return answer.data;
  throw new JobError(
    "API_UNEXPECTED",
    `RingCentral's analytics have another form than documented: ${wrongFields(answer.error.issues)}`,
    { todo: "Open an issue with this message; nothing was stored of that answer." },
  );
}
