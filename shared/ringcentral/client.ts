import { Pause } from "../core/pause.ts";
import { apiError, readErrorCode } from "./api-error.ts";
import { BodyFault, bodyText } from "./body.ts";
import type { RateGate } from "./rate-gate.ts";
import { rateHeaders, retryAfterMs } from "./rate-headers.ts";
import type { TokenBroker } from "./token-broker.ts";
import { addressOf, createTransport, pathOf } from "./transport.ts";

/** The whole request policy towards RingCentral: rate limits, token, time limits, retries, allowed hosts. */
export interface Client {
  /**
   * Sends a GET and gives the answer whose headers have come; every 2xx.
   * @throws Pause when it cannot go on now; JobError API_… for what waiting does not mend
   */
  readonly get: (url: string | URL, options: GetOptions) => Promise<Response>;
  /** The same, with the whole body read as text; a body that breaks off counts as a network fault. */
  readonly getText: (url: string | URL, options: GetOptions) => Promise<string>;
  /** The gate of a rate group; to take a place ahead of a request, say so in `admitted`. */
  readonly gate: (group: RateGroup) => RateGate;
  readonly server: string;
}

/** RingCentral's rate groups that the jobs use (guide: rate limits). */
export type RateGroup = "light" | "heavy";

export interface GetOptions {
  readonly group: RateGroup;
  readonly headers?: Readonly<Record<string, string>>;
  /** True when the caller has been admitted by the group's gate already. @default false */
  readonly admitted?: boolean;
}

export interface ClientOptions {
  readonly server: string;
  readonly broker: Pick<TokenBroker, "token" | "reject">;
  readonly gates: Readonly<Record<RateGroup, RateGate>>;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  readonly onAnswer: (answer: { readonly group: RateGroup; readonly status: number }) => void;
}

/** Longest JSON that is read into memory; a page of 1,000 detailed records is about 3 MB. */
const longestText = 64 * 1024 * 1024;
/** Waits before a quick retry of a 5xx or a network fault; together under the five seconds that anybody may wait. */
const quickRetriesMs = [500, 1_500, 2_500];
const faultPauseMs = 30_000;
/** A 429 without Retry-After is another kind of limit: wait at least 30 s (guide: rate limits). */
const silenceMs = 30_000;

export function createClient(options: ClientOptions): Client {
  const { server, broker, gates, now } = options;
  const send = createTransport(server, options.fetch);

  const silenceEnd = ({ headers }: Response) => new Date(now().getTime() + (retryAfterMs(headers) ?? silenceMs));

  /** One admitted request with its token; a 401 mints once and tries once more. */
  const attempt = async (
    url: URL,
    { group, headers }: GetOptions,
    admitted: boolean,
  ): Promise<Response | undefined> => {
    const gate = gates[group];
    for (let fresh = false; ; fresh = true) {
      if (fresh || !admitted) await gate.admit();
      const { response, token } = await tokenAndSend(url, headers, gate);
      const silentUntil = response?.status === 429 ? silenceEnd(response) : undefined;
      // Closed before those who wait are told of the answer: none of them may slip into the penalty.
      if (silentUntil) gate.silence(silentUntil);
      gate.answered(response && rateHeaders(response.headers));
      if (response) options.onAnswer({ group, status: response.status });
      if (silentUntil) {
        await response?.body?.cancel();
        throw new Pause(silentUntil, "penalty");
      }
      if (response?.status !== 401 || fresh) return response;
      await response.body?.cancel();
      broker.reject(token);
    }
  };

  /** A place in the window is given back when no request was sent. */
  const tokenAndSend = async (url: URL, headers: GetOptions["headers"], gate: RateGate) => {
    let token: string;
    try {
      token = await broker.token();
    } catch (error) {
      gate.giveBack();
      throw error;
    }
    try {
      return { response: await send(url, token, headers), token };
    } catch (error) {
      gate.answered(undefined);
      throw error;
    }
  };

  /** What to do with an answer: use it, wait for free, or try again soon. */
  const judge = async (url: URL, response: Response): Promise<"use" | "retry"> => {
    if (response.ok) return "use";
    const wait = retryAfterMs(response.headers);
    if (response.status === 503 && wait !== undefined) {
      await response.body?.cancel();
      throw new Pause(new Date(now().getTime() + wait), "fault");
    }
    const passing = response.status >= 500 || response.status === 408;
    if (!passing) throw apiError(pathOf(url), response, await readErrorCode(response));
    await response.body?.cancel();
    return "retry";
  };

  /** Sends until an answer is good and read; quick retries first, then a pause. */
  const request = async <T>(
    target: string | URL,
    getOptions: GetOptions,
    read: (response: Response) => Promise<T>,
  ): Promise<T> => {
    let admitted = getOptions.admitted ?? false;
    if (admitted && !URL.canParse(String(target), server)) gates[getOptions.group].giveBack();
    const url = addressOf(target, server);
    for (const waitMs of [...quickRetriesMs, undefined]) {
      const response = await attempt(url, getOptions, admitted);
      admitted = false;
      if (response && (await judge(url, response)) === "use") {
        const body = await read(response).catch(unlessBodyFault);
        if (body !== undefined) return body;
      }
      if (waitMs !== undefined) await options.sleep(waitMs);
    }
    throw new Pause(new Date(now().getTime() + faultPauseMs), "fault");
  };

  return {
    server,
    gate: (group) => gates[group],
    get: (url, getOptions) => request(url, getOptions, async (response) => response),
    getText: (url, getOptions) => request(url, getOptions, (response) => bodyText(response, longestText)),
  };
}

function unlessBodyFault(error: unknown): undefined {
  if (!(error instanceof BodyFault)) throw error;
}
