import type { ServerResponse } from "node:http";

/** Returns a signal that is aborted when the caller of an HTTP request has gone away, or has its response. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => controller.abort());
  return controller.signal;
}

/** Resolves when the caller has gone away. */
export async function whenGone(gone: AbortSignal): Promise<void> {
  if (gone.aborted) return;
  await new Promise<void>((resolve) => gone.addEventListener("abort", () => resolve(), { once: true }));
}
