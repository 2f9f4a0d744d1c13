import type { CallFigures, DayDigest, RecordingFigures } from "../core/figures/day-figures.ts";
import { outcomes } from "../core/figures/outcome.ts";

/** Returns the sums of several days; undefined of none. */
export function sumOfDays(digests: readonly DayDigest[]): DayDigest | undefined {
  return digests.length === 0 ? undefined : digests.reduce(addDigests);
}

function addDigests(a: DayDigest, b: DayDigest): DayDigest {
  return { calls: addCalls(a.calls, b.calls), recordings: addRecordings(a.recordings, b.recordings) };
}

function addCalls(a: CallFigures, b: CallFigures): CallFigures {
  return {
    inbound: a.inbound + b.inbound,
    outbound: a.outbound + b.outbound,
    connected: a.connected + b.connected,
    outcomes: {
      answered: a.outcomes.answered + b.outcomes.answered,
      voicemail: a.outcomes.voicemail + b.outcomes.voicemail,
      missed: a.outcomes.missed + b.outcomes.missed,
      abandoned: a.outcomes.abandoned + b.outcomes.abandoned,
      other: a.outcomes.other + b.outcomes.other,
    },
    hours: a.hours.map(({ inbound, outbound }, hour) => ({
      inbound: inbound + (b.hours[hour]?.inbound ?? 0),
      outbound: outbound + (b.hours[hour]?.outbound ?? 0),
    })),
  };
}

function addRecordings(a: RecordingFigures, b: RecordingFigures): RecordingFigures {
  return {
    stored: a.stored + b.stored,
    pending: a.pending + b.pending,
    notFound: a.notFound + b.notFound,
    refused: a.refused + b.refused,
    alreadyDeleted: a.alreadyDeleted + b.alreadyDeleted,
    lost: a.lost + b.lost,
    bytes: a.bytes + b.bytes,
    seconds: a.seconds + b.seconds,
  };
}

/** Inbound calls of all outcomes: the whole of their shares. */
export function outcomesTotal({ outcomes: counts }: CallFigures): number {
  return outcomes.reduce((sum, outcome) => sum + counts[outcome], 0);
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Days of the same weekday that a usual range needs. */
export const minUsualDays = 3;

/** Returns the middle half of the values, from the lower to the upper quartile; undefined of fewer than `minUsualDays`. */
export function middleHalf(values: readonly number[]): Range | undefined {
  if (values.length < minUsualDays) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  return { low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/** Share of a range's end, and calls, by which a value must be outside of the range before a page says so. */
export const clearlyOutside = { share: 0.1, calls: 5 } as const;

/** Tells whether a number of calls is clearly more or fewer than usual; undefined if it is usual, or nearly. */
export function unusual(value: number, { low, high }: Range): "more" | "fewer" | undefined {
  const isClear = (difference: number, end: number) =>
    difference >= clearlyOutside.calls && difference >= end * clearlyOutside.share;
  if (isClear(value - high, high)) return "more";
  return isClear(low - value, low) ? "fewer" : undefined;
}

function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const [lower = 0, upper = lower] = sorted.slice(Math.floor(position), Math.floor(position) + 2);
  return lower + (upper - lower) * (position - Math.floor(position));
}
