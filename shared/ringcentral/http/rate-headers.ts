import type { RateHeaders } from "../../core/time/rate-window.ts";
import { headerValue } from "./header-value.ts";

/**
 * No wait that RingCentral asks for is believed beyond an hour: its documented windows and penalties are minutes, and
 * who asks again after an hour harms nobody.
 */
const longestAskedMs = 60 * 60_000;

/** Reads `X-Rate-Limit-*` (RingCentral guide: rate limits), or undefined where an answer carries none that makes sense. */
export function rateHeaders(headers: Headers): RateHeaders | undefined {
  const limit = wholeNumber(headerValue(headers, "x-rate-limit-limit"));
  const remaining = wholeNumber(headerValue(headers, "x-rate-limit-remaining"));
  const windowMs = secondsAsMs(headerValue(headers, "x-rate-limit-window"));
  if (!limit || remaining === undefined || !windowMs) return undefined;
  return { limit, remaining, windowMs };
}

/** How long RingCentral asks for silence, in milliseconds, an hour at most; only the form in seconds is documented. */
export function retryAfterMs(headers: Headers): number | undefined {
  return secondsAsMs(headerValue(headers, "retry-after"));
}

function secondsAsMs(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text) * 1000, longestAskedMs) : undefined;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
