import type { RateHeaders } from "../core/rate-window.ts";

/** Reads `X-Rate-Limit-*` (RingCentral guide: rate limits), or undefined where an answer carries none. */
export function rateHeaders(headers: Headers): RateHeaders | undefined {
  const limit = wholeNumber(headers.get("x-rate-limit-limit"));
  const remaining = wholeNumber(headers.get("x-rate-limit-remaining"));
  const seconds = wholeNumber(headers.get("x-rate-limit-window"));
  if (limit === undefined || remaining === undefined || seconds === undefined) return undefined;
  return { limit, remaining, windowMs: seconds * 1000 };
}

/** How long RingCentral asks for silence, in milliseconds; only the form in seconds is documented. */
export function retryAfterMs(headers: Headers): number | undefined {
  const seconds = wholeNumber(headers.get("retry-after"));
  return seconds === undefined ? undefined : seconds * 1000;
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}
