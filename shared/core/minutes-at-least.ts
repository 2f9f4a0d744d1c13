/** The rate limit that an estimate uses. */
export interface EstimatedRateLimit {
  readonly requestsPerMinute: number;
  /** True if this is RingCentral's default; false if RingCentral sent it. */
  readonly isAssumed: boolean;
}

/** Minimum duration of `requests` requests, in whole minutes; the first rate window may be used at once. */
export function minutesAtLeast(requests: number, { requestsPerMinute }: EstimatedRateLimit): number {
  return Math.max(0, Math.ceil(requests / requestsPerMinute) - 1);
}
