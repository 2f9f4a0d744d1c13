import type { Calendar } from "./calendar.ts";
import { type Call, type Moment, type Recording, recordingsOf } from "./call.ts";
import type { Account } from "./create-account.ts";
import { dateOfRecordingId, makeCalls } from "./make-calls.ts";
import { callFromPlan } from "./planned-calls.ts";

/** Every call of the account. A day's calls are generated when they are first needed. */
export interface CallIndex {
  readonly callsOn: (date: string) => readonly Call[];
  /** The recordings that belong to the date, oldest first and each once. */
  readonly recordingsOn: (date: string) => readonly Recording[];
  readonly recording: (id: string) => Recording | undefined;
  /** Returns the date of a recording: that of the oldest call that references it. */
  readonly dateOf: (recordingId: string) => string | undefined;
  /** Every date that may have calls by now, oldest first. */
  readonly dates: (nowMs: number) => readonly string[];
  readonly moment: (date: string, nowMs: number) => Moment;
  /** Must be called after every page sent, because records appear and disappear between pages. */
  readonly afterPage: (dates: readonly string[]) => void;
}

/** Enough for three days of 100,000 calls. Older days are generated again. */
const maxCallsKept = 300_000;

interface IndexedDay {
  readonly calls: readonly Call[];
  readonly recordings: ReadonlyMap<string, Recording>;
}

export interface CallIndexOptions {
  readonly account: Account;
  readonly calendar: Calendar;
  readonly seed: number;
}

export function createCallIndex(options: CallIndexOptions): CallIndex {
  const { account, calendar } = options;
  const planned = indexPlanned(account, calendar);
  const days = new Map<string, IndexedDay>();
  const pages = new Map<string, number>();

  const dayOf = (date: string): IndexedDay => {
    const day = days.get(date) ?? indexDay(date, planned.get(date) ?? [], options);
    days.delete(date);
    days.set(date, day);
    forgetOldest(days);
    return day;
  };

  const dates = (nowMs: number) => {
    const today = calendar.dateOf(nowMs);
    const last = account.lastDay && account.lastDay < today ? account.lastDay : today;
    const made = calendar.datesBetween(calendar.day(account.firstDay).fromMs, calendar.day(last).fromMs);
    return [...new Set([...made, ...planned.keys()])].filter((date) => date <= today).sort();
  };

  const dateOf = (id: string) => planned.dateOf(id) ?? dateOfRecordingId(id);

  return {
    callsOn: (date) => dayOf(date).calls,
    recordingsOn: (date) =>
      [...dayOf(date).recordings.values()].filter(({ id }) => (planned.dateOf(id) ?? date) === date),
    dateOf,
    recording: (id) => {
      const date = dateOf(id);
      return date === undefined ? undefined : dayOf(date).recordings.get(id);
    },
    dates,
    moment: (date, nowMs) => ({ nowMs, pagesServed: pages.get(date) ?? 0 }),
    afterPage: (covered) => {
      for (const date of covered) pages.set(date, (pages.get(date) ?? 0) + 1);
    },
  };
}

function indexDay(date: string, planned: readonly Call[], options: CallIndexOptions): IndexedDay {
  const { firstDay, lastDay } = options.account;
  const within = date >= firstDay && (lastDay === undefined || date <= lastDay);
  const made = within ? makeCalls(date, options) : [];
  const calls = [...made, ...planned].sort((one, other) => one.startMs - other.startMs);
  const recordings = new Map<string, Recording>();
  for (const each of calls.flatMap(recordingsOf)) if (!recordings.has(each.id)) recordings.set(each.id, each);
  return { calls, recordings };
}

function forgetOldest(days: Map<string, IndexedDay>): void {
  let kept = 0;
  for (const [date, day] of [...days].reverse()) {
    kept += day.calls.length;
    if (kept > maxCallsKept && days.size > 1) days.delete(date);
  }
}

interface PlannedDays {
  readonly get: (date: string) => readonly Call[] | undefined;
  readonly keys: () => Iterable<string>;
  readonly dateOf: (recordingId: string) => string | undefined;
}

function indexPlanned({ plannedCalls, recordings }: Account, calendar: Calendar): PlannedDays {
  const calls = plannedCalls
    .map((plan) => callFromPlan(plan, calendar.dateOf(Date.parse(plan.startTime)), recordings.retentionDays))
    .sort((one, other) => one.startMs - other.startMs);
  const byDate = Map.groupBy(calls, (call) => call.date);
  const dates = new Map(calls.toReversed().flatMap((call) => recordingsOf(call).map((each) => [each.id, call.date])));
  return { get: (date) => byDate.get(date), keys: () => byDate.keys(), dateOf: (id) => dates.get(id) };
}
