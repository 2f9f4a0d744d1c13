import type { LabClock } from "../clock.ts";
import { sha256OfAudio } from "./audio.ts";
import type { Calendar } from "./calendar.ts";
import { type Call, hasAppeared, isAttached, isListed, type Recording, recordingsOf } from "./call.ts";
import type { CallIndex } from "./call-index.ts";
import type { Account } from "./create-account.ts";
import type { Links } from "./links.ts";
import { type CallRecord, renderRecord } from "./record.ts";
import { type RecordingState, stateOf } from "./recordings.ts";
import type { Retention } from "./retention.ts";

/** Current content of a Detailed listing of one day with `showDeleted`. */
export interface DayTruth {
  readonly from: string;
  readonly to: string;
  /** Oldest first. */
  readonly recordIds: readonly string[];
  readonly records: readonly CallRecord[];
}

/** A recording that the call log references now or referenced earlier. */
export interface RecordingTruth {
  /** True if a listing references it now. */
  readonly named: boolean;
  readonly state: RecordingState;
  /** The oldest call that references it, and that call's day. */
  readonly date: string;
  readonly recordId: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Truth {
  readonly accountId: string;
  readonly timeZone: string;
  readonly now: string;
  readonly days: Readonly<Record<string, DayTruth>>;
  readonly recordings: Readonly<Record<string, RecordingTruth>>;
}

export interface TruthOptions {
  readonly clock: LabClock;
  readonly account: Account;
  readonly calendar: Calendar;
  readonly calls: CallIndex;
  readonly retention: Retention;
  readonly links: Links;
}

/** Returns the truth of all days, or of one. Records and hashes are generated only when they are read. */
export function createTruth(options: TruthOptions): (onlyDate?: string) => Truth {
  const { clock, account, calls } = options;
  const hashes = new Map<string, string>();
  const hashOf = (recording: Recording) => {
    const hash = hashes.get(recording.id) ?? sha256OfAudio(recording);
    hashes.set(recording.id, hash);
    return hash;
  };
  return (onlyDate) => {
    const nowMs = clock.now();
    const dates = calls.dates(nowMs).filter((date) => onlyDate === undefined || date === onlyDate);
    return {
      accountId: account.id,
      timeZone: account.timeZone,
      now: new Date(nowMs).toISOString(),
      days: Object.fromEntries(dates.map((date) => [date, dayTruth(date, nowMs, options)])),
      recordings: recordingTruths(dates, nowMs, { ...options, hashOf }),
    };
  };
}

function dayTruth(date: string, nowMs: number, { account, calendar, calls, retention, links }: TruthOptions): DayTruth {
  const { fromMs, toMs } = calendar.day(date);
  const moment = calls.moment(date, nowMs);
  const listed = (): readonly Call[] => calls.callsOn(date).filter((call) => isListed(call, moment));
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    get recordIds() {
      return listed().map((call) => call.id);
    },
    get records() {
      return listed().map((call) => renderRecord(call, { account, links, view: "Detailed", nowMs, retention }));
    },
  };
}

type HashOptions = TruthOptions & { readonly hashOf: (recording: Recording) => string };

function recordingTruths(dates: readonly string[], nowMs: number, options: HashOptions) {
  const { calls } = options;
  const truths: Record<string, RecordingTruth> = {};
  for (const date of dates) {
    const moment = calls.moment(date, nowMs);
    for (const call of calls.callsOn(date)) {
      if (!hasAppeared(call, moment)) continue;
      for (const recording of recordingsOf(call).filter((each) => isAttached(each, nowMs))) {
        const truth = recordingTruth(call, recording, isListed(call, moment), { ...options, nowMs });
        const earlier = truths[recording.id];
        if (!earlier) truths[recording.id] = truth;
        else if (truth.named) Object.assign(earlier, { named: true });
      }
    }
  }
  return truths;
}

function recordingTruth(
  call: Call,
  recording: Recording,
  callListed: boolean,
  { nowMs, retention, hashOf }: HashOptions & { readonly nowMs: number },
): RecordingTruth {
  return {
    named: callListed && retention.isNamed(recording, nowMs),
    state: stateOf(recording, nowMs, retention),
    date: call.date,
    recordId: call.id,
    contentType: recording.contentType,
    bytes: recording.bytes,
    get sha256() {
      return hashOf(recording);
    },
  };
}
