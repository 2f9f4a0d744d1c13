import { JobError } from "../../errors.ts";
import { isAllowed } from "./allowed-hosts.ts";
import { discardBody } from "./body.ts";
import type { TimeLimits } from "./timeouts.ts";

/** Why no answer came: the connection broke, or its headers took too long. */
export type TransportFailure = "broken" | "late";

/** What of a request is the caller's. */
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
  readonly timeLimits: TimeLimits;
}

/** RingCentral asks for one on every request (guide: basics/uris). */
export const userAgent = "Nightshift/0.1 (call archive)";
const longestRedirects = 3;
/** RingCentral's own are a few hundred characters long. */
const longestAddress = 4_096;

/** Native fetch with a time limit; redirects, like every other address, lead to RingCentral's hosts only. */
export function createTransport(options: TransportOptions): Send {
  return async (url, token, { headers, body }) => {
    const tooLate = new AbortController();
    const timer = setTimeout(() => tooLate.abort(), options.timeLimits.headersMs);
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const init = {
      method: methodOf({ body }),
      headers: { authorization: `Bearer ${token}`, "user-agent": userAgent, ...type, ...headers },
      signal: tooLate.signal,
      ...(body !== undefined && { body }),
    };
    try {
      return (await follow(options, url, init)) ?? (tooLate.signal.aborted ? "late" : "broken");
    } finally {
      clearTimeout(timer);
    }
  };
}

export function methodOf({ body }: Pick<OutgoingRequest, "body">): "GET" | "POST" {
  return body === undefined ? "GET" : "POST";
}

/** The first answer that is no redirect, or undefined where none came. */
async function follow(
  { server, fetch }: TransportOptions,
  url: URL,
  init: Pick<RequestInit, "method" | "headers" | "signal" | "body">,
): Promise<Response | undefined> {
  let target = allowedUrl(url, url, server);
  for (let redirects = 0; redirects <= longestRedirects; redirects++) {
    const response = await fetch(target, { ...init, redirect: "manual" }).catch(() => undefined);
    const location = response && response.status >= 300 && response.status < 400 && response.headers.get("location");
    if (!location) return response;
    await discardBody(response);
    target = allowedUrl(location, target, server);
  }
  throw new JobError(
    "API_BAD_RESPONSE",
    `${init.method} ${pathOf(url)} was redirected more than ${longestRedirects} times`,
    { hint: "Check the credential's server; if that is right, open an issue with this line." },
  );
}

/** An address from the wire, which may be anything. @throws JobError where it is none, or is one where no token may go */
export function allowedUrl(address: string | URL, base: string | URL, server: string): URL {
  if (!isUrl(String(address), base)) throw addressError();
  const url = new URL(address, base);
  if (!isAllowed(url, server)) throw hostError(url);
  return url;
}

/** Whether `text` is an address: by itself, as RingCentral's links are, or on `base`. */
export function isUrl(text: string, base?: string | URL): boolean {
  return text.length <= longestAddress && URL.canParse(text, base === undefined ? undefined : String(base));
}

/** A path for logs and errors: without its query and its ids, for a link from the wire may hold anything there. */
export function pathOf({ pathname }: URL): string {
  const parts = pathname.split("/").slice(0, 12);
  return parts.map((part) => (/^(|~|v\d\.\d|[a-z-]{1,20})$/.test(part) ? part : "…")).join("/");
}

function addressError(): JobError {
  return new JobError("API_BAD_RESPONSE", "RingCentral named something as an address that is none", {
    hint: "Open an issue; nothing was sent.",
  });
}

function hostError({ origin, protocol, host }: URL): JobError {
  const where = origin === "null" ? protocol : origin;
  return new JobError("HOST_NOT_ALLOWED", `RingCentral named an address to which no token may go (${where})`, {
    hint: 'Nothing was sent there. Check "server" in the credential; if RingCentral has a new media host, open an issue.',
    details: { host },
  });
}
