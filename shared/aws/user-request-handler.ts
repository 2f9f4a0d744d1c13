import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";

/** As many as the SDK's own agents. */
const connections = { keepAlive: true, maxSockets: 50 } as const;
const proxyVariables = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"];

export interface UserRequestHandlerOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** @default 60 seconds */
  readonly socketTimeout?: number;
}

/**
 * Returns the `requestHandler` of a client on a user's machine: with time-outs, and through the proxy of HTTPS_PROXY, HTTP_PROXY
 * and NO_PROXY, which the SDK itself does not use.
 * https://nodejs.org/docs/latest-v24.x/api/http.html#built-in-proxy-support
 */
export function userRequestHandler({ environment, socketTimeout = 60_000 }: UserRequestHandlerOptions) {
  const timeouts = { connectionTimeout: 10_000, socketTimeout };
  if (!proxyVariables.some((name) => environment[name])) return timeouts;
  const options = { ...connections, proxyEnv: environment };
  return { ...timeouts, httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) };
}
