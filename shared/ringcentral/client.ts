import { Pause } from "../core/pause.ts";
import { apiError, readErrorCode } from "./api-error.ts";
import { BodyFault, bodyText } from "./body.ts";
import { createPermittedSend, type GetOptions, type PermittedSendOptions, type RateGroup } from "./permitted-send.ts";
import type { RateGate } from "./rate-gate.ts";
import { retryAfterMs } from "./rate-headers.ts";
import { addressOf, pathOf } from "./transport.ts";

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

export interface ClientOptions extends PermittedSendOptions {
  readonly sleep: (ms: number) => Promise<void>;
}

/** Longest JSON that is read into memory; a page of 1,000 detailed records is about 3 MB. */
const longestText = 64 * 1024 * 1024;
/** Waits before a quick retry of a 5xx or a network fault; together under the five seconds that anybody may wait. */
const quickRetriesMs = [500, 1_500, 2_500];
const faultPauseMs = 30_000;

export function createClient(options: ClientOptions): Client {
  const { server, gates, now } = options;
  const send = createPermittedSend(options);

  const inMs = (ms: number) => new Date(now().getTime() + ms);

  /** What to do with an answer: use it, wait for free, or try again soon. */
  const judge = async (url: URL, response: Response): Promise<"use" | "retry"> => {
    if (response.ok) return "use";
    const wait = retryAfterMs(response.headers);
    if (response.status === 503 && wait !== undefined) {
      await response.body?.cancel();
      throw new Pause(inMs(wait), "fault");
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
      const response = await send(url, getOptions, admitted);
      admitted = false;
      if (response && (await judge(url, response)) === "use") {
        const body = await read(response).catch(unlessBodyFault);
        if (body !== undefined) return body;
      }
      if (waitMs !== undefined) await options.sleep(waitMs);
    }
    throw new Pause(inMs(faultPauseMs), "fault");
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
