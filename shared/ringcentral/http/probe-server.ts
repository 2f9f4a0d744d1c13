import type { ServerProbe } from "../../core/access/connection-lines.ts";
import { discardBody } from "./body.ts";
import { userAgent } from "./transport.ts";

export interface ProbeServerOptions {
  readonly server: string;
  readonly fetch: typeof fetch;
  /** Epoch ms. */
  readonly nowMs: () => number;
}

const timeoutMs = 10_000;

/**
 * Sends GET /restapi, which needs no token and counts in no rate group, so that an unreachable server is known before a login
 * is tried. Never throws. https://developers.ringcentral.com/api-reference/API-Info/readAPIVersions
 */
export async function probeServer({ server, fetch, nowMs }: ProbeServerOptions): Promise<ServerProbe> {
  const sentAt = nowMs();
  try {
    const init = { headers: { "user-agent": userAgent }, signal: AbortSignal.timeout(timeoutMs) };
    const response = await fetch(new URL("/restapi", server), { ...init, redirect: "manual" });
    await discardBody(response);
    if (response.status >= 500) return { type: "failed", failure: `it answered ${response.status}` };
    return { type: "reached", ms: nowMs() - sentAt };
  } catch (error) {
    return { type: "failed", failure: networkCode(error) };
  }
}

/** Returns Node's code of a network failure, as ECONNREFUSED. Messages are dropped, because they may contain anything. */
function networkCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "TimeoutError") return `no answer in ${timeoutMs / 1000} s`;
  const { code } = Object(error.cause ?? error) as { readonly code?: unknown };
  return typeof code === "string" ? code : error.name;
}
