import * as z from "zod/mini";
import { bytesBody } from "../aws/bucket.ts";
import { type AnalyticsRequest, type Ask, analyticsRequest } from "../core/analytics/request.ts";
import { loadAhead } from "../core/load-ahead.ts";
import { stateKeys } from "../core/object-keys.ts";
import { type AnalyticsAnswer, fetchAnalytics } from "../ringcentral/analytics.ts";
import { unzippedJson, zippedJson } from "../storage/zipped-json.ts";
import type { AnalyticsServices } from "./services.ts";

/** An answer beside the request that it was given to. */
export interface AnswerPage {
  readonly request: AnalyticsRequest;
  readonly answer: AnalyticsAnswer;
}

/** A page of three days of twenty keys is some megabytes. */
const pagesAtOnce = 3;
const Stored = z.object({ answer: z.custom<AnalyticsAnswer>((value) => typeof value === "object" && value !== null) });

/**
 * The answers to an ask, page by page, several asked for at once. A part of many pages may take several rate windows: its
 * pages are kept in the state bucket, and a slice that goes on asks only for those that are missing.
 */
export async function* answerPages(s: AnalyticsServices, account: string, ask: Ask): AsyncGenerator<AnswerPage> {
  const first = await readPage(s, account, ask, 1);
  yield first;
  const others = Array.from({ length: Math.max(0, totalPages(first) - 1) }, (_, n) => n + 2);
  yield* loadAhead(others, pagesAtOnce, (page) => readPage(s, account, ask, page));
}

async function readPage(s: AnalyticsServices, account: string, ask: Ask, page: number): Promise<AnswerPage> {
  const request = analyticsRequest(ask, page, { timeZone: s.timeZone, metrics: s.chosen });
  const key = stateKeys.analyticsPage(account, s.run.name, ask, page);
  const stored = await storedAnswer(s, key);
  if (stored) return { request, answer: stored };
  const answer = await fetchAnalytics(s.client, request);
  // A part of one page is worked on at once.
  if (answer.paging.totalPages > 1) await s.state.put(key, bytesBody(zippedJson({ answer })), "application/gzip");
  return { request, answer };
}

/** What was kept before; what cannot be read is asked for again. */
async function storedAnswer(s: AnalyticsServices, key: string): Promise<AnalyticsAnswer | undefined> {
  const stored = await s.state.get(key);
  try {
    return stored && Stored.parse(unzippedJson(stored.body)).answer;
  } catch {
    return undefined;
  }
}

function totalPages({ answer }: AnswerPage): number {
  return answer.paging.totalPages;
}
