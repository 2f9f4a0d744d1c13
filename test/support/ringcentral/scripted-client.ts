import { type Client, type ClientOptions, createClient } from "../../../shared/ringcentral/http/client.ts";
import { createRateGates } from "../../../shared/ringcentral/http/rate-gate.ts";

export const server = "https://platform.example.com";
export const bearer = "the-access-token";

export interface ReceivedRequest {
  readonly url: URL;
  readonly headers: Headers;
}

export interface ScriptedClient {
  readonly client: Client;
  /** The requests sent, in order. */
  readonly requested: readonly ReceivedRequest[];
}

/** Creates a client whose requests go to `response`, not to the network, which no fake clock can hurry. */
export function clientTo(
  response: (init: RequestInit) => Response | Promise<Response>,
  options: Partial<ClientOptions> = {},
): ScriptedClient {
  const requested: ReceivedRequest[] = [];
  const { now = () => new Date() } = options;
  const client = createClient({
    server,
    broker: { token: async () => bearer, server: async () => server, accept: () => {}, renew: async () => false },
    gates: createRateGates(now),
    fetch: async (url, init = {}) => {
      requested.push({ url: new URL(String(url)), headers: new Headers(init.headers) });
      return response(init);
    },
    pace: async () => {},
    now,
    sleep: async () => {},
    onResponse: () => {},
    ...options,
  });
  return { client, requested };
}

/** Returns these responses one after the other, and then fails the test. */
export function inOrder(...responses: readonly Response[]): () => Response {
  let given = 0;
  return () => {
    const response = responses[given++];
    if (!response) throw new Error("one request too many");
    return response;
  };
}

/** Never responds. Throws when its signal aborts, as fetch does. */
export function noResponse({ signal }: RequestInit): Promise<Response> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted"))));
}
