import type { RateGroup } from "../../contract.ts";
import { Pause } from "../../core/async/pause.ts";
import { JobError } from "../../errors.ts";
import { apiError, readErrorCode } from "./api-error.ts";
import { type AuthorizedFetchOptions, createAuthorizedFetch, type RequestOptions } from "./authorized-fetch.ts";
import { BodyError, BodyTimeoutError, BodyTooLargeError, bodyText, discardBody } from "./body.ts";
import type { RateGate } from "./rate-gate.ts";
import { retryAfterMs } from "./rate-headers.ts";
import { defaultTimeouts, type Timeouts } from "./timeouts.ts";
import { allowedUrl, methodOf, pathOf } from "./transport.ts";

/**
 * Sends API requests with everything that RingCentral requires: rate limits, token, timeouts, retries, allowed hosts.
 */
export interface Client {
  /**
   * Sends a request that is safe to repeat, as POST if it has a body. Returns any 2xx response once its headers have arrived.
   * @throws Pause when it cannot be sent now; JobError API_… when waiting does not help
   */
  readonly send: (url: string | URL, options: RequestOptions) => Promise<Response>;
  /** Sends a request and returns the whole body as text. A broken or slow body counts as a network failure. */
  readonly sendText: (url: string | URL, options: RequestOptions) => Promise<string>;
  /** Returns the gate of a rate group. A caller that acquires a slot itself sets `slotAcquired`. */
  readonly gate: (group: RateGroup) => RateGate;
  readonly server: string;
  /** For callers that read a body themselves. */
  readonly timeouts: Timeouts;
}

export interface ClientOptions extends Omit<AuthorizedFetchOptions, "timeouts"> {
  readonly sleep: (ms: number) => Promise<void>;
  readonly timeouts?: Timeouts;
}

/**
 * Largest JSON to read into memory. A page of 1,000 detailed records has about 3 MB; with queue calls ten times that.
 */
export const maxTextBytes = 16 * 1024 * 1024;
/** Waits, in ms, before quick retries of a 5xx or a broken connection; billed, hence under five seconds together. */
const quickRetriesMs = [500, 1_500, 2_500];
/** The engine waits longer each time. */
const unavailablePauseMs = 5_000;

/** Creates the client of one server, over gates and token broker of the container. */
export function createClient(options: ClientOptions): Client {
  const { server, gates, now, timeouts = defaultTimeouts } = options;
  const send = createAuthorizedFetch({ ...options, timeouts });

  const inMs = (ms: number) => new Date(now().getTime() + ms);
  const pauseFor = (request: string, failure: string, waitMs = unavailablePauseMs) =>
    new Pause(inMs(waitMs), "unavailable", { cause: unavailable(request, failure) });

  /** Returns the URL to send to. If it is not allowed, releases the slot acquired for the request. */
  const urlOf = (target: string | URL, { group, slotAcquired }: RequestOptions): URL => {
    try {
      return allowedUrl(target, server, server);
    } catch (error) {
      if (slotAcquired) gates[group].release();
      throw error;
    }
  };

  /**
   * Decides whether to use a response or to retry soon.
   * @throws Pause to wait for free; JobError when a retry does not help
   */
  const judge = async (request: string, response: Response): Promise<"use" | "retry"> => {
    if (response.ok) return "use";
    const wait = retryAfterMs(response.headers);
    if (response.status === 503 && wait !== undefined) {
      await discardBody(response);
      throw pauseFor(request, "503", wait);
    }
    const isTemporary = response.status >= 500 || response.status === 408;
    if (!isTemporary) throw apiError(request, response, await readErrorCode(response, timeouts));
    await discardBody(response);
    return "retry";
  };

  /**
   * Returns undefined for a body that broke off, to retry. A slow body pauses, because an immediate retry is billed.
   */
  const undefinedIfBroken = (request: string, error: unknown): undefined => {
    if (error instanceof BodyTooLargeError) throw tooLarge(request);
    if (error instanceof BodyTimeoutError) {
      throw new Pause(inMs(unavailablePauseMs), "unavailable", {
        cause: unavailable(request, "a body that took too long", error),
      });
    }
    if (!(error instanceof BodyError)) throw error;
  };

  /** If the rate window has no room for a retry, returns the failure seen before instead of `error`. */
  const earlierFailure = (request: string, failure: string, error: unknown): unknown => {
    if (failure === "" || !(error instanceof Pause) || error.reason !== "window") return error;
    return new Pause(error.until, "unavailable", { cause: unavailable(request, failure) });
  };

  /** Sends until a response is usable and read: quick retries first, then a pause. */
  const request = async <T>(
    target: string | URL,
    requestOptions: RequestOptions,
    read: (response: Response) => Promise<T>,
  ): Promise<T> => {
    const url = urlOf(target, requestOptions);
    const name = `${methodOf(requestOptions)} ${pathOf(url)}`;
    let failure = "";
    let slotAcquired = requestOptions.slotAcquired ?? false;
    for (const waitMs of [...quickRetriesMs, undefined]) {
      const result = await send(url, requestOptions, slotAcquired).catch((error: unknown) => {
        throw earlierFailure(name, failure, error);
      });
      slotAcquired = false;
      if (result === "timeout") throw pauseFor(name, "no response in time");
      failure = result === "connection-lost" ? "a broken connection" : String(result.status);
      if (result !== "connection-lost" && (await judge(name, result)) === "use") {
        const body = await read(result).catch((error: unknown) => undefinedIfBroken(name, error));
        if (body !== undefined) return body;
        failure = "a body that broke off";
      }
      if (waitMs !== undefined) await options.sleep(waitMs);
    }
    throw pauseFor(name, failure);
  };

  return {
    server,
    timeouts,
    gate: (group) => gates[group],
    send: (url, requestOptions) => request(url, requestOptions, async (response) => response),
    sendText: (url, requestOptions) =>
      request(url, requestOptions, (response) => bodyText(response, { bytes: maxTextBytes, ...timeouts })),
  };
}

/** True for a pause because of a slow body: a smaller page may arrive in time. */
export function isForSlowBody(error: unknown): error is Pause {
  return error instanceof Pause && error.cause instanceof JobError && error.cause.cause instanceof BodyTimeoutError;
}

function unavailable(request: string, failure: string, cause?: BodyTimeoutError): JobError {
  return new JobError("API_UNAVAILABLE", `${request} got ${failure}`, {
    cause,
    retryable: true,
    hint: "Look at status.ringcentral.com. The run retries; the next run continues where this one stopped. If one day or recording alone keeps failing, ask RingCentral's support with this line.",
    details: { request, what: failure },
  });
}

function tooLarge(request: string): JobError {
  return new JobError("API_TOO_LARGE", `${request} got a response of more than ${maxTextBytes} bytes`, {
    hint: "No action if a smaller page was fetched instead. Else open an issue with this line.",
    details: { request, maxTextBytes },
  });
}
