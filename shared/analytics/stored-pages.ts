import { gunzipSync } from "node:zlib";
import * as z from "zod/mini";
import { type AnalyticsRequest, type Ask, analyticsRequest, intervals } from "../core/analytics/request.ts";
import { groups, metrics } from "../core/analytics/vocabulary.ts";
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
/** What unpacks to more was not written by a run. */
const longestPage = 64 * 1024 * 1024;

/** What was fetched, by this run or one that ended before it could file it. */
export interface FetchedAsks {
  /** Of everything that was fetched, filed or not; in the order of the keys. */
  readonly names: readonly string[];
  /** Undefined for what is filed, or cannot be read. */
  readonly readUnfiled: (name: string) => Promise<FetchedAsk | undefined>;
}

export async function createFetchedAsks({ state }: AnalyticsServices, account: string): Promise<FetchedAsks> {
  const namesIn = async (prefix: string) => {
    const names: string[] = [];
    for await (const { key } of state.list(prefix)) names.push(key.slice(prefix.length));
    return names;
  };
  const filed = new Set(await namesIn(stateKeys.allAnalyticsFiled(account)));
  return {
    names: await namesIn(stateKeys.allAnalyticsFetched(account)),
    readUnfiled: async (name) => {
      if (filed.has(name)) return undefined;
      const stored = await state.get(`${stateKeys.allAnalyticsFetched(account)}${name}`);
      const parsed = FetchedAsk.safeParse(stored && storedJson(stored.body));
      return parsed.success ? parsed.data : undefined;
    },
  };
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
