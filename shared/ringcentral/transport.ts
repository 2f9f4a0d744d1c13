import { JobError } from "../errors.ts";
import { isAllowed } from "./allowed-hosts.ts";

/** Sends one GET; undefined for a network fault, or when no headers came in time. */
export type Send = (
  url: URL,
  token: string,
  headers: Readonly<Record<string, string>> | undefined,
) => Promise<Response | undefined>;

const userAgent = "Nightshift/0.1 (call archive)";
const headersTimeoutMs = 30_000;
const longestRedirects = 3;

/** Native fetch with a time limit; redirects, like every other address, lead to RingCentral's hosts only. */
export function createTransport(server: string, fetchLike: typeof fetch): Send {
  return async (url, token, headers) => {
    let target = url;
    for (let redirects = 0; redirects <= longestRedirects; redirects++) {
      if (!isAllowed(target, server)) throw hostError(target);
      const authorized = { authorization: `Bearer ${token}`, "user-agent": userAgent, ...headers };
      const response = await fetchHeaders(fetchLike, target, authorized);
      const location = response && response.status >= 300 && response.status < 400 && response.headers.get("location");
      if (!location) return response;
      await response.body?.cancel();
      target = addressOf(location, target);
    }
    throw new JobError("API_UNEXPECTED", `GET ${pathOf(url)} was redirected more than ${longestRedirects} times`);
  };
}

/** An address from the wire, which may be anything. */
export function addressOf(address: string | URL, base: string | URL): URL {
  if (URL.canParse(String(address), String(base))) return new URL(address, base);
  throw new JobError("API_UNEXPECTED", "RingCentral named something as an address that is none", {
    todo: "Open an issue; nothing was sent.",
  });
}

/** A path for logs and errors: without the query, which may hold a phone number. */
export function pathOf(url: URL): string {
  return url.pathname;
}

async function fetchHeaders(
  fetchLike: typeof fetch,
  url: URL,
  headers: Record<string, string>,
): Promise<Response | undefined> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), headersTimeoutMs);
  try {
    return await fetchLike(url, { headers, redirect: "manual", signal: timeout.signal });
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

function hostError(url: URL): JobError {
  const { origin, host } = url;
  return new JobError("HOST_NOT_ALLOWED", `RingCentral named the address ${origin}, which is not one of its hosts`, {
    todo: 'Nothing was sent there. Check "server" in the credential; if RingCentral has a new media host, open an issue.',
    details: { host },
  });
}
