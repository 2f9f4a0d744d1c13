import { JobError } from "../../errors.ts";
import { isAllowed } from "./allowed-hosts.ts";
import { discardBody } from "./body.ts";
import type { RequestPace } from "./request-pace.ts";
import type { Timeouts } from "./timeouts.ts";

/** Why no response came: the connection broke, or the headers timed out. */
export type TransportFailure = "connection-lost" | "timeout";

/** The caller's part of a request. */
export interface OutgoingRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON to POST; without it, a GET. */
  readonly body?: string;
}

/** Sends one request. */
export type Send = (url: URL, token: string, outgoing: OutgoingRequest) => Promise<Response | TransportFailure>;

export interface TransportOptions {
  readonly server: string;
  readonly fetch: typeof fetch;
  readonly pace: RequestPace;
  readonly timeouts: Timeouts;
}

/** RingCentral requires it on every request. https://developers.ringcentral.com/guide/basics/uris */
export const userAgent = "Nightshift/0.1 (call archive)";
const maxRedirects = 3;
/** RingCentral's own URLs have a few hundred characters. */
const maxUrlLength = 4_096;

/**
 * Wraps native fetch with a timeout for the headers, and follows redirects to RingCentral's hosts only. The caller has
 * waited for the pace of the first request.
 */
export function createTransport(options: TransportOptions): Send {
  return async (url, token, { headers, body }) => {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), options.timeouts.headersMs);
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const init = {
      method: methodOf({ body }),
      headers: { authorization: `Bearer ${token}`, "user-agent": userAgent, ...type, ...headers },
      signal: timeout.signal,
      ...(body !== undefined && { body }),
    };
    try {
      return (await follow(options, url, init)) ?? (timeout.signal.aborted ? "timeout" : "connection-lost");
    } finally {
      clearTimeout(timer);
    }
  };
}

export function methodOf({ body }: Pick<OutgoingRequest, "body">): "GET" | "POST" {
  return body === undefined ? "GET" : "POST";
}

/**
 * Returns the first response that is no redirect. Undefined if the connection broke.
 * @throws API_BAD_RESPONSE after 3 redirects
 */
async function follow(
  { server, fetch, pace }: TransportOptions,
  url: URL,
  init: Pick<RequestInit, "method" | "headers" | "signal" | "body">,
): Promise<Response | undefined> {
  let target = allowedUrl(url, url, server);
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    if (redirects > 0) await pace();
    const response = await fetch(target, { ...init, redirect: "manual" }).catch(() => undefined);
    const location = response && response.status >= 300 && response.status < 400 && response.headers.get("location");
    if (!location) return response;
    await discardBody(response);
    target = allowedUrl(location, target, server);
  }
  throw new JobError(
    "API_BAD_RESPONSE",
    `${init.method} ${pathOf(url)} was redirected more than ${maxRedirects} times`,
    { hint: "Check the credential's server; if that is right, open an issue with this line." },
  );
}

/**
 * Parses a URL from a response.
 * @throws API_BAD_RESPONSE when it is invalid, HOST_NOT_ALLOWED when no token may be sent there
 */
export function allowedUrl(target: string | URL, base: string | URL, server: string): URL {
  if (!isUrl(String(target), base)) throw urlError();
  const url = new URL(target, base);
  if (!isAllowed(url, server)) throw hostError(url);
  return url;
}

/** True if `text` is a URL, absolute or relative to `base`. */
export function isUrl(text: string, base?: string | URL): boolean {
  return text.length <= maxUrlLength && URL.canParse(text, base === undefined ? undefined : String(base));
}

/** Returns a path for logs and errors, without query and ids, which may contain anything. */
export function pathOf({ pathname }: URL): string {
  const parts = pathname.split("/").slice(0, 12);
  return parts.map((part) => (/^(|~|v\d\.\d|[a-z-]{1,20})$/.test(part) ? part : "…")).join("/");
}

function urlError(): JobError {
  return new JobError("API_BAD_RESPONSE", "RingCentral's response has a link that is not a URL", {
    hint: "Open an issue with this line. Nothing was sent.",
  });
}

function hostError({ origin, protocol, host }: URL): JobError {
  const where = origin === "null" ? protocol : origin;
  return new JobError(
    "HOST_NOT_ALLOWED",
    `RingCentral's response links to a host to which no token may be sent (${where})`,
    {
      hint: 'Check "server" in the credential. If RingCentral has a new media host, open an issue. Nothing was sent.',
      details: { host },
    },
  );
}
