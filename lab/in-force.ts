/** When a planned fault strikes: in `[from, until)`, instants as ISO 8601; at any time where neither is named. */
export interface InForce {
  readonly from?: string;
  readonly until?: string;
}

export function isInForce({ from, until }: InForce, nowMs: number): boolean {
  return (from === undefined || Date.parse(from) <= nowMs) && (until === undefined || nowMs < Date.parse(until));
}
