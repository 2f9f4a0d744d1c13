import { type RateGroup, rateGroups } from "../../contract.ts";
import type { RateHeaders } from "../../core/time/rate-window.ts";
import { headerValue } from "./header-value.ts";

/**
 * Longer waits are cut to an hour: RingCentral documents windows and penalties of minutes, and one request after an hour
 * does no harm.
 */
const maxRetryAfterMs = 60 * 60_000;

const documentedGroups: readonly string[] = [...rateGroups, "auth"];

/**
 * Returns the `X-Rate-Limit-*` headers for a request of `group`. Undefined if any is missing or invalid, or if they count
 * another documented group. An unknown group is a new name of this one, because RingCentral may rename groups.
 * https://developers.ringcentral.com/guide/basics/rate-limits
 */
export function rateHeaders(headers: Headers, group: RateGroup): RateHeaders | undefined {
  const counted = headerValue(headers, "x-rate-limit-group")?.toLowerCase();
  if (counted !== undefined && counted !== group && documentedGroups.includes(counted)) return undefined;
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
