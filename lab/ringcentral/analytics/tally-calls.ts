import type { CallFacts } from "./call-facts.ts";
import type { CountedCall } from "./fact-index.ts";
import type { Metric } from "./metrics.ts";

/** Sums of one part of one metric. */
export interface Cell {
  readonly calls: number;
  readonly count: number;
  readonly seconds: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

export const emptyCell: Cell = { calls: 0, count: 0, seconds: 0, minSeconds: 0, maxSeconds: 0 };

/** Sums by metric and part. A missing one is zero. */
export type Tally = ReadonlyMap<Metric, ReadonlyMap<string, Cell>>;

/** One division of the range into intervals. */
export interface Split {
  /** Ascending; the first one is at or before the range. */
  readonly starts: readonly number[];
  readonly metrics: readonly Metric[];
}

export interface Tallies {
  /** One for each start of the split. */
  readonly of: (key: string, split: Split) => readonly (Tally | undefined)[];
  /** Sums over all groups together, including calls without a group. */
  readonly total: { readonly count: number; readonly seconds: number };
}

export interface TallyOptions {
  readonly keyOf: (call: CallFacts) => string | undefined;
  /** Calls of any other group are counted in the total alone. */
  readonly keys: ReadonlySet<string>;
  readonly splits: readonly Split[];
}

type Cells = Map<string, { -readonly [Member in keyof Cell]: Cell[Member] }>;
type GrowingTally = Map<Metric, Cells>;

/** Computes all requested groups, intervals and metrics in one pass over the calls. */
export function tallyCalls(calls: Iterable<CountedCall>, { keyOf, keys, splits }: TallyOptions): Tallies {
  const byKey = new Map<string, Map<Split, GrowingTally[]>>();
  const total = { count: 0, seconds: 0 };
  for (const counted of calls) {
    const { facts, times } = counted;
    total.count += times;
    total.seconds += times * facts.seconds;
    const key = keyOf(facts);
    if (key === undefined || !keys.has(key)) continue;
    const bySplit = entry(byKey, key, () => new Map<Split, GrowingTally[]>());
    for (const split of splits) {
      const tallies = entry(bySplit, split, () => []);
      const place = lastAtOrBefore(split.starts, facts.call.startMs);
      const tally = tallies[place] ?? new Map<Metric, Cells>();
      tallies[place] = tally;
      for (const metric of split.metrics) addCall(metric, entry(tally, metric, newCells), counted);
    }
  }
  return {
    of: (key, split) => split.starts.map((_, place) => byKey.get(key)?.get(split)?.[place]),
    total,
  };
}

const newCells = (): Cells => new Map();

function entry<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}

function addCall(metric: Metric, cells: Cells, { facts, times }: CountedCall): void {
  metric.add(facts, (part, count, seconds) => {
    const cell = entry(cells, part, () => ({ ...emptyCell, minSeconds: Infinity }));
    cell.calls += times;
    cell.count += times * count;
    cell.seconds += times * seconds;
    cell.minSeconds = Math.min(cell.minSeconds, seconds);
    cell.maxSeconds = Math.max(cell.maxSeconds, seconds);
  });
}

function lastAtOrBefore(starts: readonly number[], instantMs: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? Infinity) <= instantMs) low = middle;
    else high = middle - 1;
  }
  return low;
}
