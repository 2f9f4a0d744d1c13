import type { FaultEffect, FaultMatcher } from "../../lab/ringcentral/faults.ts";
import type { PlannedCall } from "../../lab/ringcentral/planned-calls.ts";
import { addDays } from "../../shared/core/time/days.ts";
import { nightStartMs, type StormPlan, stormDayMs, stormFirstDay, type Trouble } from "./storm-plan.ts";

const hourMs = 3_600_000;

/** Storms written by hand, for alarms of `archive-calls` whose meaning takes weeks to come true. */
export type SlowStorm = Pick<StormPlan, "nights" | "calls" | "troubles"> & Partial<Pick<StormPlan, "account">>;

export function slowStorm(seed: number, storm: SlowStorm): StormPlan {
  return {
    ...{
      seed,
      kinds: [],
      jobs: ["archive-calls"],
      tellsLengths: true,
      stacks: [{ name: "first", delayMs: 0 }],
      latencyMs: { api: 0, s3: 0 },
    },
    ...storm,
  };
}

/** Returns every night from the first to this one. */
export function nightsTo(last: number): readonly number[] {
  return Array.from({ length: last + 1 }, (_, night) => night);
}

export interface SlowCallsOptions {
  readonly recorded?: boolean;
  /** Additional fields of each call, by its index. */
  readonly more?: (index: number) => Partial<PlannedCall>;
}

/** Returns calls of the day that is the given number of days after the first. */
export function slowCalls(day: number, count: number, { recorded = true, more = () => ({}) }: SlowCallsOptions = {}) {
  const date = addDays(stormFirstDay, day);
  return Array.from({ length: count }, (_, index): PlannedCall => {
    const startTime = new Date(Date.parse(`${date}T15:00:00Z`) + index * 30_000).toISOString();
    const id = `${date.replaceAll("-", "")}s${index}`;
    return {
      id,
      startTime,
      ...(recorded && { recording: { id: recordingIdOf(day, index), bytes: 500 } }),
      ...more(index),
    };
  });
}

export function recordingIdOf(day: number, index: number): string {
  return String(1_000_000 + day * 1_000 + index);
}

/** An hour before a night begins. */
export function beforeNight(night: number): number {
  return nightStartMs({ nights: [0] }, 0) + night * stormDayMs - hourMs;
}

interface ApiTroubleOptions extends Pick<Trouble, "items"> {
  readonly on: FaultMatcher;
  readonly what: FaultEffect;
  /** The first night without it. */
  readonly untilNight: number;
}

export function apiTrouble({ on, what, items, untilNight }: ApiTroubleOptions): Trouble {
  const untilMs = beforeNight(untilNight);
  const fault = { on, what, times: "always", after: 0, until: new Date(untilMs).toISOString() } as const;
  return { kind: "slow", harm: "item", fromMs: 0, untilMs, type: "api", fault, ...(items && { items }) };
}
