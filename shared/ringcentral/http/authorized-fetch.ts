import { Pause } from "../../core/async/pause.ts";
import { discardBody } from "./body.ts";
import type { RateGate } from "./rate-gate.ts";
import { rateHeaders, retryAfterMs } from "./rate-headers.ts";
import type { TokenSource } from "./token-source.ts";
import {
  createTransport,
  methodOf,
  type OutgoingRequest,
  type TransportFailure,
  type TransportOptions,
} from "./transport.ts";

/** RingCentral's rate groups that the jobs use (guide: rate limits). */
export type RateGroup = "light" | "heavy";

export interface RequestOptions extends OutgoingRequest {
  readonly group: RateGroup;
  /** True when the caller has been admitted by the group's gate already. @default false */
  readonly slotAcquired?: boolean;
}

export interface PermittedSendOptions extends TransportOptions {
  readonly broker: TokenSource;
  readonly gates: Readonly<Record<RateGroup, RateGate>>;
  readonly now: () => Date;
  readonly onAnswer: (answer: { readonly group: RateGroup; readonly status: number }) => void;
  /** Requests that a new token was got for, by the one refused, until they are answered otherwise than 401. @default none yet */
  readonly renewedFor?: Map<string, string>;
}

/**
 * Sends one request that its rate group and RingCentral's token permit. After a 401 it gets a new token, if there may be
 * one, and tries once more; the 401 to a new token is the response. A request that comes again, because the rate window
 * left no room for that second try, gets no further token.
 */
export type AuthorizedFetch = (
  url: URL,
  options: RequestOptions,
  slotAcquired: boolean,
) => Promise<Response | TransportFailure>;

/** A 429 without Retry-After is another kind of limit: wait at least 30 s (guide: rate limits). */
const silenceMs = 30_000;

export function createPermittedSend(options: PermittedSendOptions): AuthorizedFetch {
  const { server, broker, gates, now, renewedFor = new Map() } = options;
  const send = createTransport(options);

  const inMs = (ms: number) => new Date(now().getTime() + ms);

  /** A token, unless while it was fetched the credential has moved to another server or the group has fallen silent. */
  const tokenForNow = async (gate: RateGate) => {
    const token = await broker.token();
    if ((await broker.server()) !== server) throw new Pause(now(), "token");
    const silentUntil = gate.silentUntil();
    if (silentUntil) throw new Pause(silentUntil, "rate-limited");
    return token;
  };

  /** A place in the window is given back when no request was sent. */
  const tokenAndSend = async (url: URL, outgoing: OutgoingRequest, gate: RateGate) => {
    let token: string;
    try {
      token = await tokenForNow(gate);
    } catch (error) {
      gate.release();
      throw error;
    }
    try {
      return { answer: await send(url, token, outgoing), token };
    } catch (error) {
      gate.onResponse(undefined);
      throw error;
    }
  };

  return async (url, { group, headers, body }, slotAcquired) => {
    const outgoing = { ...(headers && { headers }), ...(body !== undefined && { body }) };
    const gate = gates[group];
    const request = `${methodOf(outgoing)} ${url.href} ${body ?? ""}`;
    const renew = async (token: string) => {
      const refused = renewedFor.get(request) ?? token;
      if (refused !== token || !(await broker.renew(token))) return false;
      renewedFor.set(request, token);
      return true;
    };
    for (let fresh = false; ; fresh = true) {
      if (fresh || !slotAcquired) await gate.acquire();
      const { answer, token } = await tokenAndSend(url, outgoing, gate);
      const response = typeof answer === "string" ? undefined : answer;
      const silentUntil = response?.status === 429 ? inMs(retryAfterMs(response.headers) ?? silenceMs) : undefined;
      // Closed before those who wait are told of the answer: none of them may slip into the penalty.
      if (silentUntil) gate.blockUntil(silentUntil);
      gate.onResponse(response && rateHeaders(response.headers));
      if (response) options.onAnswer({ group, status: response.status });
      if (silentUntil) {
        await discardBody(response);
        throw new Pause(silentUntil, "rate-limited");
      }
      if (response && response.status !== 401) {
        broker.accept(token);
        renewedFor.delete(request);
      }
      // What even a new token was refused for, another login does not mend.
      if (response?.status !== 401 || fresh || !(await renew(token))) return answer;
      await discardBody(response);
    }
  };
}
