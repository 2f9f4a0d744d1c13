import { addDays, type Day, daysBetween } from "./time/days.ts";

/** How far an aggregate's days are closed without a gap. */
export interface Completeness {
  /** Undefined if there are no days. */
  readonly first: Day | undefined;
  readonly last: Day | undefined;
  /** The day up to which every day from the first is closed; undefined if the first one is not. */
  readonly completeTo: Day | undefined;
  /** Days that are not closed, or missing, although a later day is closed. */
  readonly gaps: readonly Day[];
  /** Open days after the last closed one. */
  readonly openAtEnd: number;
  readonly closed: number;
  readonly open: number;
}

/** Computes it from the days that are closed and those that are open. */
export function completeness(closed: ReadonlySet<Day>, open: ReadonlySet<Day>): Completeness {
  const days = [...closed, ...open].sort();
  const [first] = days;
  const lastClosed = [...closed].sort().at(-1);
  const upToLastClosed =
    first !== undefined && lastClosed !== undefined ? daysBetween(first, addDays(lastClosed, 1)) : [];
  const gaps = upToLastClosed.filter((day) => !closed.has(day));
  const completeTo = gaps[0] === undefined ? lastClosed : addDays(gaps[0], -1);
  return {
    first,
    last: days.at(-1),
    completeTo: completeTo !== undefined && first !== undefined && completeTo >= first ? completeTo : undefined,
    gaps,
    openAtEnd: [...open].filter((day) => lastClosed === undefined || day > lastClosed).length,
    closed: closed.size,
    open: open.size,
  };
}
