/** Time span of a planned fault, `[from, until)`, as ISO 8601. @default always */
export interface InForce {
  readonly from?: string;
  readonly until?: string;
}

export function isInForce({ from, until }: InForce, nowMs: number): boolean {
  return (from === undefined || Date.parse(from) <= nowMs) && (until === undefined || nowMs < Date.parse(until));
}
