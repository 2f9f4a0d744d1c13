import type { Client } from "./client.ts";

/** The client of a run that has no credential: whatever is asked of it fails with the reason, and nothing else does. */
export function closedClient(reason: unknown, { gate, timeLimits }: Pick<Client, "gate" | "timeLimits">): Client {
  return {
    gate,
    timeLimits,
    send: () => Promise.reject(reason),
    sendText: () => Promise.reject(reason),
    get server(): string {
      throw reason;
    },
  };
}
