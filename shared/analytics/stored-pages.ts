import { gunzipSync } from "node:zlib";
import * as z from "zod/mini";
import { type AnalyticsRequest, type Ask, analyticsRequest, intervals } from "../core/analytics/request.ts";
import { groups, metrics } from "../core/analytics/vocabulary.ts";
import { eachLimited } from "../core/each-limited.ts";
import { loadAhead } from "../core/load-ahead.ts";
import { type AskOfRun, stateKeys } from "../core/object-keys.ts";
import { JobError } from "../errors.ts";
import { type AnalyticsAnswer, parseAnalytics } from "../ringcentral/analytics.ts";
import { storedJson } from "../storage/stored-json.ts";
import type { AnalyticsServices } from "./services.ts";

/** An ask of which every page is kept. */
export const FetchedAsk = z.object({
  run: z.string(),
  group: z.enum(groups),
  interval: z.enum(intervals),
  from: z.string(),
  to: z.string(),
  /** When the first page was asked for. */
  at: z.string(),
  pages: z.int().check(z.positive()),
  /** What was asked for: the settings may have changed since. */
  metrics: z.array(z.enum(metrics)),
});
export type FetchedAsk = z.infer<typeof FetchedAsk>;

/** An answer beside the request that it was given to. */
export interface AnswerPage {
  readonly request: AnalyticsRequest;
  readonly answer: AnalyticsAnswer;
}

/** A page of some megabytes each: one is worked on while the next is read. */
const pagesAhead = 2;
const readsAtOnce = 16;
/** What unpacks to more was not written by a run. */
const longestPage = 64 * 1024 * 1024;

/** Every ask that a run has fetched and none has filed: this run's, or those of one that ended before it could. */
export async function unfiledAsks({ state }: AnalyticsServices, account: string): Promise<FetchedAsk[]> {
  const namesIn = async (prefix: string) => {
    const names: string[] = [];
    for await (const { key } of state.list(prefix)) names.push(key.slice(prefix.length));
    return names;
  };
  const filed = new Set(await namesIn(stateKeys.allAnalyticsFiled(account)));
  const fetched = await namesIn(stateKeys.allAnalyticsFetched(account));
  const asks = new Map<string, FetchedAsk>();
  const unfiled = fetched.filter((name) => !filed.has(name));
  await eachLimited(unfiled, readsAtOnce, async (name) => {
    const stored = await state.get(`${stateKeys.allAnalyticsFetched(account)}${name}`);
    const parsed = FetchedAsk.safeParse(stored && storedJson(stored.body));
    if (parsed.success) asks.set(name, parsed.data);
  });
  return unfiled.flatMap((name) => asks.get(name) ?? []);
}

/** The pages of an ask that was fetched, in their order. @throws JobError API_UNEXPECTED where one is no page of answers */
export async function* answerPages(s: AnalyticsServices, account: string, ask: FetchedAsk): AsyncGenerator<AnswerPage> {
  const numbers = Array.from({ length: ask.pages }, (_, n) => n + 1);
  yield* loadAhead(numbers, pagesAhead, async (page) => ({
    request: analyticsRequest(ask, page, { timeZone: s.timeZone, metrics: ask.metrics }),
    answer: await readPage(s, { account, run: ask.run, ask }, page),
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
