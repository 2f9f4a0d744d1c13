import type { CallAggregate } from "../../core/calls/call-aggregate.ts";
import type { CallDayEvent, CallManifest, RecordingEntry } from "../../core/calls/call-manifest.ts";
import { isNearDeletion } from "../../core/calls/fetch-order.ts";
import { newestDayBeyondCap, passedByAge, type Retention } from "../../core/calls/horizon.ts";
import { nextAttemptAt } from "../../core/calls/recording-state.ts";
import { type Day, dayOf } from "../../core/time/days.ts";
import type { JobError } from "../../errors.ts";
import type { DayState } from "../../storage/day-store.ts";
import { eachDay } from "../../storage/each-day.ts";

export interface LackingDays {
  /** Days that may lack recordings, oldest first. */
  readonly days: readonly Day[];
  /** The id of a stored recording, by day. */
  readonly stored: ReadonlyMap<Day, string>;
  /** Days that cannot be read. */
  readonly unread: ReadonlyMap<Day, JobError>;
  /** Whether the cap has evicted a day's recordings: "before" the day was first listed, or "now". */
  readonly beyondCount: (day: Day) => "before" | "now" | undefined;
}

export interface LackingDaysOptions {
  readonly open: readonly Day[];
  readonly read: (day: Day) => Promise<DayState<CallManifest>>;
  /** Counts of the closed days. */
  readonly counts: ReadonlyMap<Day, Readonly<Record<string, number>>>;
  readonly retention: Retention;
}

/** Finds the open days that may lack recordings; writes nothing. */
export async function findLackingDays(options: LackingDaysOptions): Promise<LackingDays> {
  const { open, read, counts, retention } = options;
  const automatic = new Map([...counts].map(([day, { automatic = 0 }]) => [day, automatic]));
  const stored = new Map<Day, string>();
  const days = new Set<Day>();
  const firstListedOn = new Map<Day, Day>();
  const unread = await eachDay(open, async (day) => {
    const { manifest } = await read(day);
    const { totals, horizonPassedAt, listings, timeZone } = manifest;
    if (listings[0]) firstListedOn.set(day, dayOf(new Date(listings[0].at), timeZone));
    automatic.set(day, totals.automatic);
    const last = lastStored(manifest);
    if (last) stored.set(day, last.id);
    // For a day without recordings, the horizon decides whether they may have been deleted.
    const mayHaveExpired = !horizonPassedAt && (listings.at(-1)?.callsWithoutRecording ?? 0) > 0;
    if (totals.recordings > totals.stored || mayHaveExpired) days.add(day);
  });
  const evicted = newestDayBeyondCap(automatic, retention) ?? "";
  const isEvictedBefore = (day: Day, end: Day) =>
    day <= (newestDayBeyondCap(new Map([...automatic].filter(([each]) => each < end)), retention) ?? "");
  const beyondCount = (day: Day) => {
    if (day > evicted) return undefined;
    return isEvictedBefore(day, firstListedOn.get(day) ?? "") ? "before" : "now";
  };
  return { days: [...days].sort(), stored, unread, beyondCount };
}

export function lastStored({ recordings }: CallManifest): RecordingEntry | undefined {
  return recordings.findLast(({ state }) => state === "stored");
}

export interface DueOptions {
  readonly aggregate: CallAggregate;
  readonly retention: Retention;
  readonly now: Date;
  readonly timeZone: string;
  /** True for a requested day. */
  readonly isRequested: boolean;
  readonly beyondCount: "before" | "now" | undefined;
}

/** Returns a day's due recordings, and the events if RingCentral's horizon has passed the day. */
export function dueRecordingsOf(manifest: CallManifest, options: DueOptions) {
  const { aggregate, retention, now, timeZone, isRequested } = options;
  const events = horizonEvents(manifest, options);
  const { recordings } = events.length === 0 ? manifest : aggregate.reduce(manifest, events);
  const isUrgent = isNearDeletion(manifest.day, {
    today: dayOf(now, timeZone),
    retentionDays: retention.daysToFetch,
  });
  const isDue = ({ contentUri, state, attempts }: RecordingEntry) => {
    if (!contentUri || state === "stored") return false;
    return isRequested || (state === "pending" && (isUrgent || nextAttemptAt({ attempts }) <= now));
  };
  return { due: recordings.filter(isDue), events };
}

function horizonEvents(
  { to, horizonPassedAt, capPassedAt, listings }: CallManifest,
  { retention, now, beyondCount }: Pick<DueOptions, "retention" | "now" | "beyondCount">,
): CallDayEvent[] {
  const events: CallDayEvent[] = [];
  const byAge = passedByAge(to, retention, now);
  if (byAge && !horizonPassedAt) events.push({ type: "horizon-passed", cause: "age", passedAt: byAge });
  if (beyondCount && !capPassedAt) {
    const passedAt = (beyondCount === "before" && listings[0]?.at) || now.toISOString();
    events.push({ type: "horizon-passed", cause: "cap", passedAt });
  }
  return events;
}
