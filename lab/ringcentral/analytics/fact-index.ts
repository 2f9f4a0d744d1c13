import type { Calendar } from "../calendar.ts";
import { type Call, inTheEnd, isDeleted, isListed, isUnsettled, type Moment } from "../call.ts";
import type { CallIndex } from "../call-index.ts";
import type { DifferencePlan } from "./analytics-plan.ts";
import { type CallFacts, type FactsOptions, factsOf } from "./call-facts.ts";

/** A call, and how often analytics counts it at some moment: never, once or twice. */
export interface CountedCall {
  readonly facts: CallFacts;
  readonly times: number;
}

/** A time range with both ends included, as in requests. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface FactIndex {
  /** Returns the counted voice calls that began in the range, oldest first, as of `when` or finally. */
  readonly counted: (range: TimeRange, when: number | "in the end") => Iterable<CountedCall>;
}

export interface FactIndexOptions extends FactsOptions {
  readonly calendar: Calendar;
  readonly calls: CallIndex;
}

/** Enough for half a year of 1,000 calls a day. The facts of older days are computed again. */
const maxFactsKept = 200_000;

export function createFactIndex(options: FactIndexOptions): FactIndex {
  const { account, calendar, calls } = options;
  const days = new Map<string, readonly CallFacts[]>();
  const factsOn = (date: string): readonly CallFacts[] => {
    const ofVoice = (call: Call) => (call.fax ? [] : [factsOf(call, options)]);
    const facts = days.get(date) ?? calls.callsOn(date).flatMap(ofVoice);
    days.delete(date);
    days.set(date, facts);
    forgetOldest(days);
    return facts;
  };
  return {
    counted: function* ({ fromMs, toMs }, when) {
      const last = when === "in the end" ? toMs : Math.min(toMs, when);
      for (const date of fromMs <= last ? calendar.datesBetween(fromMs, last) : []) {
        const moment = when === "in the end" ? inTheEnd : calls.moment(date, when);
        for (const facts of factsOn(date)) {
          if (facts.call.startMs < fromMs || facts.call.startMs > toMs) continue;
          const times = timesCounted(facts, moment, account.analytics);
          if (times > 0) yield { facts: atMoment(facts, moment), times };
        }
      }
    },
  };
}

function forgetOldest(days: Map<string, readonly CallFacts[]>): void {
  let kept = 0;
  for (const [date, facts] of [...days].reverse()) {
    kept += facts.length;
    if (kept > maxFactsKept && days.size > 1) days.delete(date);
  }
}

const minuteMs = 60_000;

interface Deviation {
  readonly lateByMinutes: number;
  readonly differs: DifferencePlan;
}

/** Returns 1 for each call in the log, unless the plan makes analytics differ. */
function timesCounted({ call, lot }: CallFacts, moment: Moment, { lateByMinutes, differs }: Deviation): 0 | 1 | 2 {
  const { missingShare = 0, countedTwiceShare = 0, changingShare = 0, changesAfterMinutes = 1440 } = differs;
  const endedForMs = moment.nowMs - call.startMs - call.durationMs;
  if (!isListed(call, moment) || isDeleted(call, moment.nowMs)) return 0;
  if (endedForMs < lateByMinutes * minuteMs || lot < missingShare) return 0;
  const twiceBelow = missingShare + countedTwiceShare;
  if (lot < twiceBelow) return 2;
  if (lot >= twiceBelow + changingShare || endedForMs < changesAfterMinutes * minuteMs) return 1;
  return lot < twiceBelow + changingShare / 2 ? 0 : 2;
}

function atMoment(facts: CallFacts, { nowMs }: Moment): CallFacts {
  return isUnsettled(facts.call, nowMs) ? { ...facts, result: "unknown" } : facts;
}
