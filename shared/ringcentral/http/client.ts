import { Pause } from "../../core/async/pause.ts";
import { JobError } from "../../errors.ts";
import { apiError, readErrorCode } from "./api-error.ts";
import {
  createPermittedSend,
  type PermittedSendOptions,
  type RateGroup,
  type RequestOptions,
} from "./authorized-fetch.ts";
import { BodyError, BodyTimeoutError, BodyTooLarge, bodyText, discardBody } from "./body.ts";
import type { RateGate } from "./rate-gate.ts";
import { retryAfterMs } from "./rate-headers.ts";
import { defaultTimeLimits, type TimeLimits } from "./timeouts.ts";
import { allowedUrl, methodOf, pathOf } from "./transport.ts";

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

/** The largest JSON that is read into memory; a page of 1,000 detailed records is about 3 MB, of calls in queues ten times as much. */
export const maxTextBytes = 16 * 1024 * 1024;
/** Waits before a quick retry of a 5xx or a broken connection; together under the five seconds that anybody may wait. */
const quickRetriesMs = [500, 1_500, 2_500];
/** The engine waits longer each time. */
const unavailablePauseMs = 5_000;

export function createClient(options: ClientOptions): Client {
  const { server, gates, now, timeLimits = defaultTimeLimits } = options;
  const send = createPermittedSend({ ...options, timeLimits });

  const inMs = (ms: number) => new Date(now().getTime() + ms);
  const later = (request: string, what: string, waitMs = unavailablePauseMs) =>
    new Pause(inMs(waitMs), "unavailable", { cause: unavailable(request, what) });

  /** Where to send a request; if nothing may be sent there, the place that was taken for it is given back. */
  const urlOf = (target: string | URL, { group, slotAcquired }: RequestOptions): URL => {
    try {
      return allowedUrl(target, server, server);
    } catch (error) {
      if (slotAcquired) gates[group].release();
      throw error;
    }
  };

  /** What to do with a response: use it, wait for free, or try again soon. */
  const judge = async (request: string, response: Response): Promise<"use" | "retry"> => {
    if (response.ok) return "use";
    const wait = retryAfterMs(response.headers);
    if (response.status === 503 && wait !== undefined) {
      await discardBody(response);
      throw later(request, "503", wait);
    }
    const passing = response.status >= 500 || response.status === 408;
    if (!passing) throw apiError(request, response, await readErrorCode(response, timeLimits));
    await discardBody(response);
    return "retry";
  };

  /** Nothing for a body that broke off. One that was slow is not asked for again at once: waiting is paid for. */
  const unlessBroken = (request: string, error: unknown): undefined => {
    if (error instanceof BodyTooLarge) throw tooLarge(request);
    if (error instanceof BodyTimeoutError) {
      throw new Pause(inMs(unavailablePauseMs), "unavailable", {
        cause: unavailable(request, "a body that took too long", error),
      });
    }
    if (!(error instanceof BodyError)) throw error;
  };

  /** A retry for which the rate window has no room: what was seen is the failure, whatever ended the tries. */
  const unlessSeen = (request: string, what: string, error: unknown): unknown => {
    if (what === "" || !(error instanceof Pause) || error.reason !== "window") return error;
    return new Pause(error.until, "unavailable", { cause: unavailable(request, what) });
  };

  /** Sends until an answer is good and read; quick retries first, then a pause. */
  const request = async <T>(
    target: string | URL,
    requestOptions: RequestOptions,
    read: (response: Response) => Promise<T>,
  ): Promise<T> => {
    const url = urlOf(target, requestOptions);
    const name = `${methodOf(requestOptions)} ${pathOf(url)}`;
    let what = "";
    let admitted = requestOptions.slotAcquired ?? false;
    for (const waitMs of [...quickRetriesMs, undefined]) {
      const answer = await send(url, requestOptions, admitted).catch((error: unknown) => {
        throw unlessSeen(name, what, error);
      });
      admitted = false;
      if (answer === "late") throw later(name, "nothing in time");
      what = answer === "broken" ? "a broken connection" : String(answer.status);
      if (answer !== "broken" && (await judge(name, answer)) === "use") {
        const body = await read(answer).catch((error: unknown) => unlessBroken(name, error));
        if (body !== undefined) return body;
        what = "a body that broke off";
      }
      if (waitMs !== undefined) await options.sleep(waitMs);
    }
    throw later(name, what);
  };

  return {
    server,
    timeLimits,
    gate: (group) => gates[group],
    send: (url, requestOptions) => request(url, requestOptions, async (response) => response),
    sendText: (url, requestOptions) =>
      request(url, requestOptions, (response) => bodyText(response, { bytes: maxTextBytes, ...timeLimits })),
  };
}

/** True for a pause because of a body that took too long: less may come in time. */
export function isForSlowBody(error: unknown): error is Pause {
  return error instanceof Pause && error.cause instanceof JobError && error.cause.cause instanceof BodyTimeoutError;
}

function unavailable(request: string, what: string, cause?: BodyTimeoutError): JobError {
  return new JobError("API_UNAVAILABLE", `${request} got ${what}`, {
    cause,
    retryable: true,
    hint: "Look at status.ringcentral.com. The run retries; the next run continues where this one stopped. If one day or recording alone keeps failing, ask RingCentral's support with this line.",
    details: { request, what },
  });
}

function tooLarge(request: string): JobError {
  return new JobError("API_TOO_LARGE", `${request} got a response of more than ${maxTextBytes} bytes`, {
    hint: "No action if a smaller page was fetched instead. Else open an issue with this line.",
    details: { request, maxTextBytes },
  });
}
