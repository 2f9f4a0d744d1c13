import type { Day } from "../core/time/days.ts";
import type { EventFile } from "./day-events.ts";
import type { StoredManifest } from "./manifest-file.ts";

/** A day in memory. */
export interface HeldDay<M, E> {
  readonly stored: StoredManifest<M> | undefined;
  /** The stored manifest with the events before `pending` added. */
  manifest: M;
  /** Events to add when the day is read next. */
  pending: E[];
  /** Event files that were read or written. */
  readonly eventKeys: Set<string>;
  /** Length of manifest and events as JSON, about. */
  bytes: number;
}

/** Days in memory, up to 16 MiB of their JSON; the day that was held first is forgotten first. */
export interface HeldDays<M, E> {
  readonly get: (day: Day) => HeldDay<M, E> | undefined;
  readonly hold: (day: Day, held: HeldDay<M, E>) => void;
  readonly forget: (day: Day) => void;
}

/** Parsed, JSON takes about five times as much memory. */
const maxHeldBytes = 16 * 1024 * 1024;
/** Events are compressed to about a tenth. */
const compression = 10;

export function createHeldDays<M, E>(): HeldDays<M, E> {
  const days = new Map<Day, HeldDay<M, E>>();
  return {
    get: (day) => days.get(day),
    hold: (day, held) => {
      // Moved to the end, because the first is forgotten first.
      days.delete(day);
      days.set(day, held);
      let bytes = [...days.values()].reduce((sum, each) => sum + each.bytes, 0);
      for (const [oldest, each] of days) {
        if (bytes <= maxHeldBytes) break;
        days.delete(oldest);
        bytes -= each.bytes;
      }
    },
    forget: (day) => void days.delete(day),
  };
}

/** Adds the events of a file, to be reduced when the day is read next. */
export function addEventFile<M, E>(held: HeldDay<M, E>, { key, bytes, events }: EventFile<E>): void {
  held.pending.push(...events);
  held.eventKeys.add(key);
  held.bytes += bytes * compression;
}
