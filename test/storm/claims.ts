/** What is claimed of an instant; undefined where either may be. */
export type Claim = boolean | undefined;

/** A claim that holds from an instant until the next one's. */
export interface ClaimedFrom {
  readonly fromMs: number;
  readonly claim: Claim;
}

/** `[fromMs, untilMs)`. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Longest spans of the same claim, in order; of claims from the same instant the last holds. */
export function spansOf(
  claims: readonly ClaimedFrom[],
  untilMs: number,
): readonly (Span & { readonly claim: Claim })[] {
  const sorted = claims.toSorted((a, b) => a.fromMs - b.fromMs);
  const spans: (Span & { readonly claim: Claim })[] = [];
  for (const [n, { fromMs, claim }] of sorted.entries()) {
    const end = Math.min(sorted[n + 1]?.fromMs ?? untilMs, untilMs);
    if (end <= fromMs) continue;
    const last = spans.at(-1);
    if (last && last.claim === claim) spans[spans.length - 1] = { ...last, untilMs: end };
    else spans.push({ fromMs, untilMs: end, claim });
  }
  return spans;
}

/** The first part of a span that none of the others covers. */
export function firstGap({ fromMs, untilMs }: Span, covered: readonly Span[]): Span | undefined {
  let at = fromMs;
  for (const each of covered) {
    if (each.untilMs <= at) continue;
    if (each.fromMs > at) break;
    at = each.untilMs;
  }
  if (at >= untilMs) return undefined;
  const next = covered.find((each) => each.fromMs > at)?.fromMs ?? untilMs;
  return { fromMs: at, untilMs: Math.min(next, untilMs) };
}

/** The first of the others that overlaps a span, as far as it does. */
export function firstOverlap({ fromMs, untilMs }: Span, others: readonly Span[]): Span | undefined {
  const found = others.find((each) => each.fromMs < untilMs && fromMs < each.untilMs);
  return found && { fromMs: Math.max(fromMs, found.fromMs), untilMs: Math.min(untilMs, found.untilMs) };
}
