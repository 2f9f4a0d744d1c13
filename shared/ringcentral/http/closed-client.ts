import type { Client } from "./client.ts";

/**
 * Returns the client of a run without a credential: every request fails with `reason`, and steps without requests still
 * run.
 */
export function closedClient(reason: unknown, { gate, timeouts }: Pick<Client, "gate" | "timeouts">): Client {
  return {
    gate,
    timeouts,
    send: () => Promise.reject(reason),
    sendText: () => Promise.reject(reason),
    get server(): string {
      throw reason;
    },
  };
}
