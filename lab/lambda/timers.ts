import type { LabClock } from "../clock.ts";

export type Cancel = () => void;

export interface TimerOptions {
  /** False for a deadline: it fires on the way, but the clock never jumps to it. @default true */
  readonly skippable?: boolean;
}

/** Timers on the lab's clock. */
export interface Timers {
  readonly at: (dueMs: number, fire: () => void, options?: TimerOptions) => Cancel;
  /** Keeps `skipWaits` from advancing the time until released, because something is running. */
  readonly hold: () => Cancel;
  readonly stop: () => void;
}

interface Timer {
  readonly dueMs: number;
  readonly fire: () => void;
  readonly skippable: boolean;
}

/** Polling interval in ms: a test that advances the clock causes no event. */
const lookEveryMs = 10;

/** Creates the timers. With `skipWaits` the clock jumps to the next due one unless it is held. */
export function createTimers(options: { readonly clock: LabClock; readonly skipWaits: boolean }): Timers {
  const { clock, skipWaits } = options;
  const pending = new Set<Timer>();
  const holders = new Set<symbol>();
  let look: NodeJS.Timeout | undefined;
  let skipping: NodeJS.Immediate | undefined;
  let stopped = false;

  const lookLater = () => {
    clearTimeout(look);
    const next = earliest(pending);
    if (next) look = setTimeout(fireDue, Math.min(lookEveryMs, Math.max(0, next.dueMs - clock.now())));
  };
  const fireDue = () => {
    for (let next = earliest(pending); next && next.dueMs <= clock.now(); next = earliest(pending)) {
      pending.delete(next);
      next.fire();
    }
    lookLater();
  };
  const skip = () => {
    skipping = undefined;
    const next = earliest(pending);
    if (!next || holders.size > 0 || ![...pending].some((timer) => timer.skippable)) return;
    clock.advance(Math.max(0, next.dueMs - clock.now()));
    fireDue();
    considerSkipping();
  };
  const considerSkipping = () => {
    // In the next turn, so that what follows from the end of an invocation has happened.
    if (skipWaits && !stopped && holders.size === 0) skipping ??= setImmediate(skip);
  };

  return {
    at: (dueMs, fire, { skippable = true } = {}) => {
      if (stopped) return () => {};
      const timer = { dueMs, fire, skippable };
      pending.add(timer);
      lookLater();
      considerSkipping();
      return () => pending.delete(timer);
    },
    hold: () => {
      const holder = Symbol();
      holders.add(holder);
      return () => {
        holders.delete(holder);
        considerSkipping();
      };
    },
    stop: () => {
      stopped = true;
      pending.clear();
      clearTimeout(look);
      clearImmediate(skipping);
    },
  };
}

function earliest(timers: Iterable<Timer>): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) if (!first || timer.dueMs < first.dueMs) first = timer;
  return first;
}
