/** The rate limit that an estimate assumes, or that RingCentral last told. */
export interface EstimatedRateLimit {
  readonly requestsPerMinute: number;
  /** True while RingCentral has told no limit: then this is its default. */
  readonly isAssumed: boolean;
}

/** How long so many requests take at least, in whole minutes: the first rate window may be used at once. */
export function minutesAtLeast(requests: number, { requestsPerMinute }: EstimatedRateLimit): number {
  return Math.max(0, Math.ceil(requests / requestsPerMinute) - 1);
}
