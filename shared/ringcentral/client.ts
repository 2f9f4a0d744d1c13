import { Pause } from "../core/pause.ts";
import { apiError, readErrorCode } from "./api-error.ts";
import { BodyFault, bodyText, letGo, SlowBody } from "./body.ts";
import {
  createPermittedSend,
  type PermittedSendOptions,
  type RateGroup,
  type RequestOptions,
} from "./permitted-send.ts";
import type { RateGate } from "./rate-gate.ts";
import { retryAfterMs } from "./rate-headers.ts";
import { defaultTimeLimits, type TimeLimits } from "./time-limits.ts";
import { allowedAddress, methodOf, pathOf } from "./transport.ts";

/** The whole request policy towards RingCentral: rate limits, token, time limits, retries, allowed hosts. */
export interface Client {
  /**
   * Sends a request, a POST where it has a body, and gives the answer whose headers have come; every 2xx.
   * It must be one that can be sent twice.
   * @throws Pause when it cannot go on now; JobError API_… for what waiting does not mend
   */
  readonly send: (url: string | URL, options: RequestOptions) => Promise<Response>;
  /** The same, with the whole body read as text; a body that breaks off, or comes too slowly, counts as a network fault. */
  readonly sendText: (url: string | URL, options: RequestOptions) => Promise<string>;
  /** The gate of a rate group; to take a place ahead of a request, say so in `admitted`. */
  readonly gate: (group: RateGroup) => RateGate;
  readonly server: string;
  /** For whoever reads a body by himself. */
  readonly timeLimits: TimeLimits;
}

export interface ClientOptions extends Omit<PermittedSendOptions, "timeLimits"> {
  readonly sleep: (ms: number) => Promise<void>;
  readonly timeLimits?: TimeLimits;
}

/** Longest JSON that is read into memory; a page of 1,000 detailed records is about 3 MB. */
const longestText = 16 * 1024 * 1024;
/** Waits before a quick retry of a 5xx or a broken connection; together under the five seconds that anybody may wait. */
const quickRetriesMs = [500, 1_500, 2_500];
const faultPauseMs = 30_000;

export function createClient(options: ClientOptions): Client {
  const { server, gates, now, timeLimits = defaultTimeLimits } = options;
  const send = createPermittedSend({ ...options, timeLimits });

  const inMs = (ms: number) => new Date(now().getTime() + ms);
  const later = (cause?: unknown) => new Pause(inMs(faultPauseMs), "fault", cause);

  /** Where to send a request; if nothing may be sent there, the place that was taken for it is given back. */
  const urlOf = (target: string | URL, { group, admitted }: RequestOptions): URL => {
    try {
      return allowedAddress(target, server, server);
    } catch (error) {
      if (admitted) gates[group].giveBack();
      throw error;
    }
  };

  /** What to do with an answer: use it, wait for free, or try again soon. */
  const judge = async (url: URL, { body }: RequestOptions, response: Response): Promise<"use" | "retry"> => {
    if (response.ok) return "use";
    const wait = retryAfterMs(response.headers);
    if (response.status === 503 && wait !== undefined) {
      await letGo(response);
      throw new Pause(inMs(wait), "fault");
    }
    const passing = response.status >= 500 || response.status === 408;
    if (!passing)
      throw apiError(`${methodOf({ body })} ${pathOf(url)}`, response, await readErrorCode(response, timeLimits));
    await letGo(response);
    return "retry";
  };

  /** Nothing for a body that broke off. One that was slow is not asked for again at once: waiting is paid for. */
  const unlessBroken = (error: unknown): undefined => {
    if (error instanceof SlowBody) throw later(error);
    if (!(error instanceof BodyFault)) throw error;
  };

  /** Sends until an answer is good and read; quick retries first, then a pause. */
  const request = async <T>(
    target: string | URL,
    requestOptions: RequestOptions,
    read: (response: Response) => Promise<T>,
  ): Promise<T> => {
    const url = urlOf(target, requestOptions);
    let admitted = requestOptions.admitted ?? false;
    for (const waitMs of [...quickRetriesMs, undefined]) {
      const answer = await send(url, requestOptions, admitted);
      admitted = false;
      if (answer === "late") throw later();
      if (answer !== "broken" && (await judge(url, requestOptions, answer)) === "use") {
        const body = await read(answer).catch(unlessBroken);
        if (body !== undefined) return body;
      }
      if (waitMs !== undefined) await options.sleep(waitMs);
    }
    throw later();
  };

  return {
    server,
    timeLimits,
    gate: (group) => gates[group],
    send: (url, requestOptions) => request(url, requestOptions, async (response) => response),
    sendText: (url, requestOptions) =>
      request(url, requestOptions, (response) => bodyText(response, { bytes: longestText, ...timeLimits })),
  };
}
