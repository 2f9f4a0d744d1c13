import type { RateHeaders } from "../../core/time/rate-window.ts";
import { headerValue } from "./header-value.ts";

/**
 * Longer waits are cut to an hour: RingCentral documents windows and penalties of minutes, and one request after an hour
 * does no harm.
 */
const maxRetryAfterMs = 60 * 60_000;

/**
 * Returns the `X-Rate-Limit-*` headers. Undefined if any is missing or invalid.
 * https://developers.ringcentral.com/guide/basics/rate-limits
 */
export function rateHeaders(headers: Headers): RateHeaders | undefined {
  const limit = wholeNumber(headerValue(headers, "x-rate-limit-limit"));
  const remaining = wholeNumber(headerValue(headers, "x-rate-limit-remaining"));
  const windowMs = secondsAsMs(headerValue(headers, "x-rate-limit-window"));
  if (!limit || remaining === undefined || !windowMs) return undefined;
  return { limit, remaining, windowMs };
}

/** Returns Retry-After in ms, an hour at most. RingCentral documents the form in seconds only. */
export function retryAfterMs(headers: Headers): number | undefined {
  return secondsAsMs(headerValue(headers, "retry-after"));
}

function secondsAsMs(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text) * 1000, maxRetryAfterMs) : undefined;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
