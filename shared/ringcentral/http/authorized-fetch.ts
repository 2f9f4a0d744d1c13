import type { RateGroup } from "../../contract.ts";
import { Pause } from "../../core/async/pause.ts";
import { discardBody } from "./body.ts";
import type { RateGate, RateGates } from "./rate-gate.ts";
import { rateHeaders, retryAfterMs } from "./rate-headers.ts";
import type { TokenSource } from "./token-source.ts";
import {
  createTransport,
  methodOf,
  type OutgoingRequest,
  type TransportFailure,
  type TransportOptions,
} from "./transport.ts";

export interface RequestOptions extends OutgoingRequest {
  readonly group: RateGroup;
  /** True if the caller has already acquired a slot from the group's gate. @default false */
  readonly slotAcquired?: boolean;
}

export interface AuthorizedFetchOptions extends TransportOptions {
  readonly broker: TokenSource;
  readonly gates: RateGates;
  readonly now: () => Date;
  readonly onResponse: (response: { readonly group: RateGroup; readonly status: number }) => void;
  /** The token last rejected with 401, by request, until the request succeeds with another. @default empty */
  readonly renewedFor?: Map<string, string>;
}

/**
 * Sends one API request inside the rate window. On 401 it gets a new token and retries once; a second 401 is returned. If the
 * rate window has no room for the retry, the repeated request gets no further token.
 * @throws Pause when the rate window is used up, on a 429, or while another function exchanges the token
 */
export type AuthorizedFetch = (
  url: URL,
  options: RequestOptions,
  slotAcquired: boolean,
) => Promise<Response | TransportFailure>;

/**
 * A 429 without Retry-After is another kind of limit: wait at least 30 s.
 * https://developers.ringcentral.com/guide/basics/rate-limits
 */
const defaultRetryAfterMs = 30_000;

/** Creates an {@link AuthorizedFetch} for one server. */
export function createAuthorizedFetch(options: AuthorizedFetchOptions): AuthorizedFetch {
  const { server, broker, gates, now, pace, renewedFor = new Map() } = options;
  const send = createTransport(options);

  /** Returns a token once the request may start. @throws Pause when the credential moved to another server meanwhile, or the group was blocked */
  const tokenForNow = async (gate: RateGate) => {
    const token = await broker.token();
    if ((await broker.server()) !== server) throw new Pause(now(), "token");
    await pace();
    const blockedUntil = gate.blockedUntil();
    if (blockedUntil) throw new Pause(blockedUntil, "rate-limited");
    return token;
  };

  /** Sends the request with a token. Releases the slot if none was sent. */
  const tokenAndSend = async (url: URL, outgoing: OutgoingRequest, gate: RateGate) => {
    let token: string;
    try {
      token = await tokenForNow(gate);
    } catch (error) {
      gate.release();
      throw error;
    }
    try {
      return { result: await send(url, token, outgoing), token };
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
      const rejected = renewedFor.get(request) ?? token;
      if (rejected !== token || !(await broker.renew(token))) return false;
      renewedFor.set(request, token);
      return true;
    };
    for (let fresh = false; ; fresh = true) {
      if (fresh || !slotAcquired) await gate.acquire();
      const { result, token } = await tokenAndSend(url, outgoing, gate);
      const response = typeof result === "string" ? undefined : result;
      // Blocked before waiting requests resume: a request during the block would restart it.
      const blockedUntil =
        response?.status === 429 ? gate.blockFor(retryAfterMs(response.headers) ?? defaultRetryAfterMs) : undefined;
      gate.onResponse(response && rateHeaders(response.headers, group));
      if (response) options.onResponse({ group, status: response.status });
      if (blockedUntil) {
        await discardBody(response);
        throw new Pause(blockedUntil, "rate-limited");
      }
      if (response && response.status !== 401) {
        broker.accept(token);
        renewedFor.delete(request);
      }
      // A request refused with a new token, too, is not fixed by another login.
      if (response?.status !== 401 || fresh || !(await renew(token))) return result;
      await discardBody(response);
    }
  };
}
