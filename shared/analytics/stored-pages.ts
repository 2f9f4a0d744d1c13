import { gunzipSync } from "node:zlib";
import * as z from "zod/mini";
import { type AnalyticsRequest, type Ask, analyticsRequest, intervals } from "../core/analytics/request.ts";
import { groups } from "../core/analytics/vocabulary.ts";
import { loadAhead } from "../core/load-ahead.ts";
import { type AskOfRun, stateKeys } from "../core/object-keys.ts";
import { JobError } from "../errors.ts";
import { type AnalyticsAnswer, parseAnalytics } from "../ringcentral/analytics.ts";
import { storedJson } from "../storage/stored-json.ts";
import type { AnalyticsServices } from "./services.ts";

/** An ask of which every page is kept. */
export const FetchedAsk = z.object({
  group: z.enum(groups),
  interval: z.enum(intervals),
  from: z.string(),
  to: z.string(),
  /** When the first page was asked for. */
  at: z.string(),
  pages: z.int().check(z.positive()),
});
export type FetchedAsk = z.infer<typeof FetchedAsk>;

/** An answer beside the request that it was given to. */
export interface AnswerPage {
  readonly request: AnalyticsRequest;
  readonly answer: AnalyticsAnswer;
}

/** A page of some megabytes each: one is worked on while the next is read. */
const pagesAhead = 2;
/** What unpacks to more was not written by a run. */
const longestPage = 64 * 1024 * 1024;

/** Every ask that this run has fetched, in the order of their keys. */
export async function fetchedAsks(s: AnalyticsServices, account: string): Promise<FetchedAsk[]> {
  const asks: FetchedAsk[] = [];
  for await (const { key } of s.state.list(stateKeys.analyticsOfRun(account, s.run.name))) {
    if (!key.endsWith(stateKeys.analyticsFetchedName)) continue;
    const stored = await s.state.get(key);
    const parsed = FetchedAsk.safeParse(stored && storedJson(stored.body));
    if (parsed.success) asks.push(parsed.data);
  }
  return asks;
}

/** The pages of an ask that was fetched, in their order. @throws JobError API_UNEXPECTED where one is no page of answers */
export async function* answerPages(s: AnalyticsServices, account: string, ask: FetchedAsk): AsyncGenerator<AnswerPage> {
  const numbers = Array.from({ length: ask.pages }, (_, n) => n + 1);
  yield* loadAhead(numbers, pagesAhead, async (page) => ({
    request: analyticsRequest(ask, page, { timeZone: s.timeZone, metrics: s.chosen }),
    answer: await readPage(s, { account, run: s.run.name, ask }, page),
  }));
}

export async function readPage({ state }: AnalyticsServices, of: AskOfRun, page: number): Promise<AnalyticsAnswer> {
  const key = stateKeys.analyticsPage(of, page);
  const stored = await state.get(key);
  return parseAnalytics(stored ? unzipped(stored.body, key) : "");
}

function unzipped(body: Buffer, key: string): string {
  try {
    return gunzipSync(body, { maxOutputLength: longestPage }).toString();
  } catch (cause) {
    throw new JobError("STORAGE_UNEXPECTED", `${key} is damaged`, {
      cause,
      details: { key },
      todo: "Nothing: the next run asks RingCentral again.",
    });
  }
}

/** Without what was only needed to fetch it. */
export function askOf({ group, interval, from, to }: FetchedAsk): Ask {
  return { group, interval, from, to };
}
