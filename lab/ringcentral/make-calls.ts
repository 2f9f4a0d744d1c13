import type { Calendar, CalendarDay } from "./calendar.ts";
import type { Call } from "./call.ts";
import type { Account } from "./create-account.ts";
import { makeRecording } from "./make-recording.ts";
import { entersLogAfterMs } from "./planned-calls.ts";
import { between, createQuota, createRandom, type Quota, type Random, randomText, seedOf } from "./random.ts";

export interface MakeCallsOptions {
  readonly account: Account;
  readonly calendar: Calendar;
  readonly seed: number;
}

/** State shared by the calls of one day while they are generated. */
interface DayInTheMaking {
  readonly account: Account;
  readonly day: CalendarDay;
  readonly seed: number;
  readonly count: number;
  readonly quota: Quota;
  readonly turnOf: (kind: Kind) => number;
}

/** Generates all calls that ever belong to a date, oldest first. The same seed gives the same calls. */
export function makeCalls(date: string, { account, calendar, seed }: MakeCallsOptions): Call[] {
  const { perDay } = account.calls;
  const count = typeof perDay === "number" ? perDay : perDay(date);
  const quota = createQuota(seedOf(seed, date));
  const turnOf = createTurns({ account, date, seed, count });
  const making = { account, day: calendar.day(date), seed, count, quota, turnOf };
  return Array.from({ length: count }, (_, index) => makeCall(making, index));
}

function makeCall(making: DayInTheMaking, index: number): Call {
  const { account, day, seed, count, quota } = making;
  const { calls } = account;
  const random = createRandom(seedOf(seed, day.date, index));
  const crossing = index >= count - calls.overMidnight;
  const kind = crossing ? "recorded" : kindOf(making);
  const startMs = crossing
    ? between(random, day.toMs - 30_000, day.toMs - 1)
    : startInTurn(random, day, index / (count - calls.overMidnight), 1 / (count - calls.overMidnight));
  const durationMs = durationOf(random, kind, crossing);
  const endMs = startMs + durationMs;
  const visibleAtMs = endMs + (quota("late", calls.lateShare) ? calls.lateByMs : entersLogAfterMs);
  return {
    id: randomText(random, 15),
    date: day.date,
    seed: seedOf(seed, day.date, index, "record"),
    turn: making.turnOf(kind),
    startMs,
    durationMs,
    fax: kind === "fax",
    short: kind === "short",
    visibleAtMs,
    changesAtMs: quota("changing", calls.changingShare) ? endMs + calls.changesAfterMs : Infinity,
    deletedAtMs: quota("deleted", calls.deletedShare) ? visibleAtMs + calls.deletedAfterMs : Infinity,
    vanishesAtMs: quota("vanishing", calls.vanishingShare) ? endMs + calls.vanishesAfterMs : Infinity,
    ...drift(account, count - 1 - index),
    ...recordingsFor(making, index, kind === "recorded" ? { random, startMs, durationMs, visibleAtMs } : undefined),
  };
}

type Kind = "recorded" | "short" | "fax" | "plain";

function kindOf({ account, quota }: DayInTheMaking): Kind {
  const { recordedShare, shortShare, faxShare } = account.calls;
  if (quota("fax", faxShare)) return "fax";
  if (quota("short", shortShare)) return "short";
  return quota("recorded", recordedShare / (1 - faxShare - shortShare)) ? "recorded" : "plain";
}

interface TurnsOptions {
  readonly account: Account;
  readonly date: string;
  readonly seed: number;
  readonly count: number;
}

/**
 * Counts the calls of a kind, one day's going on about where those of the day before ended: so all words of a kind are
 * met within some hundred calls, however few a day has.
 */
function createTurns({ account, date, seed, count }: TurnsOptions): (kind: Kind) => number {
  const { recordedShare, shortShare, faxShare } = account.calls;
  const shares = { recorded: recordedShare, short: shortShare, fax: faxShare };
  const plainShare = 1 - recordedShare - shortShare - faxShare;
  const counted = new Map<Kind, number>();
  return (kind) => {
    const before = counted.get(kind) ?? 0;
    counted.set(kind, before + 1);
    const perDay = Math.max(1, Math.round(count * (kind === "plain" ? plainShare : shares[kind])));
    return (seedOf(seed, "turns", kind) % 100_000) + (Date.parse(date) / dayMs) * perDay + before;
  };
}

/** Spreads calls over the day in the order in which they are made, without its last minute, which has calls that cross midnight. */
function startInTurn(random: Random, day: CalendarDay, from: number, width: number): number {
  const spanMs = day.toMs - day.fromMs - 60_000;
  return day.fromMs + Math.floor((from + random() * width) * spanMs);
}

/** Recordings under 30 seconds are not kept (RingCentral guide: call recordings). */
function durationOf(random: Random, kind: Kind, crossing: boolean): number {
  if (crossing) return between(random, 60_000, 300_000);
  if (kind === "short") return between(random, 5_000, 29_000);
  return between(random, 31_000, 600_000);
}

/** `fromNewest` counts back from the day's newest call: the newest arrive, and those behind them leave. */
function drift(account: Account, fromNewest: number): Pick<Call, "arrivesAfterPages" | "leavesAfterPages"> {
  const { arrivingBetweenPages, leavingBetweenPages } = account.callLog;
  if (fromNewest < arrivingBetweenPages) {
    return { arrivesAfterPages: arrivingBetweenPages - fromNewest, leavesAfterPages: Infinity };
  }
  const turn = fromNewest - arrivingBetweenPages;
  return { arrivesAfterPages: 0, leavesAfterPages: turn < leavingBetweenPages ? turn + 1 : Infinity };
}

interface RecordedCall {
  readonly random: Random;
  readonly startMs: number;
  readonly durationMs: number;
  readonly visibleAtMs: number;
}

type CallRecordings = Pick<Call, "recording" | "recordingNamedBy" | "transfers">;

function recordingsFor(making: DayInTheMaking, index: number, call: RecordedCall | undefined): CallRecordings {
  if (!call) return { recording: undefined, recordingNamedBy: "record", transfers: [] };
  const { account, day, quota } = making;
  const { calls } = account;
  const late = quota("late recording", calls.lateRecordingShare);
  const attachedAtMs = late ? call.startMs + call.durationMs + calls.changesAfterMs : call.visibleAtMs;
  const make = (part: number) =>
    makeRecording({ ...call, id: recordingId(day.date, index, part), attachedAtMs, account, quota });
  const recording = make(0);
  const onLegOnly = quota("leg only", calls.legOnlyShare);
  const onLegsToo = quota("shared leg", calls.sharedLegShare);
  return {
    recording,
    recordingNamedBy: onLegOnly ? "leg" : onLegsToo ? "record and legs" : "record",
    transfers: quota("transfer", calls.transferShare) ? [make(1)] : [],
  };
}

const dayMs = 24 * 60 * 60 * 1000;

/** The id carries its date, so that a recording is found without an index of all days. */
function recordingId(date: string, index: number, part: number): string {
  return `${Date.parse(date) / dayMs}${String(index).padStart(7, "0")}${part}`;
}

/** The date a made recording's id carries, or undefined for any other text. */
export function dateOfRecordingId(id: string): string | undefined {
  const days = /^(\d{5})\d{8}$/.exec(id)?.[1];
  return days === undefined ? undefined : new Date(Number(days) * dayMs).toISOString().slice(0, 10);
}
