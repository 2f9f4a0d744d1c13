/** Expectation about an instant: true, false, or undefined if either is allowed. */
export type Expectation = boolean | undefined;

/** An expectation from an instant until the next one. */
export interface ExpectedFrom {
  readonly fromMs: number;
  readonly expected: Expectation;
}

/** `[fromMs, untilMs)`. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Returns the longest spans of the same expectation, in order. Of expectations from the same instant the last holds. */
export function spansOf(
  expectations: readonly ExpectedFrom[],
  untilMs: number,
): readonly (Span & { readonly expected: Expectation })[] {
  const sorted = expectations.toSorted((a, b) => a.fromMs - b.fromMs);
  const spans: (Span & { readonly expected: Expectation })[] = [];
  for (const [n, { fromMs, expected }] of sorted.entries()) {
    const end = Math.min(sorted[n + 1]?.fromMs ?? untilMs, untilMs);
    if (end <= fromMs) continue;
    const last = spans.at(-1);
    if (last && last.expected === expected) spans[spans.length - 1] = { ...last, untilMs: end };
    else spans.push({ fromMs, untilMs: end, expected });
  }
  return spans;
}

/** Returns the first part of a span that none of the others covers. */
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

/** Returns the first overlap of a span with one of the others. */
export function firstOverlap({ fromMs, untilMs }: Span, others: readonly Span[]): Span | undefined {
  const found = others.find((each) => each.fromMs < untilMs && fromMs < each.untilMs);
  return found && { fromMs: Math.max(fromMs, found.fromMs), untilMs: Math.min(untilMs, found.untilMs) };
}
