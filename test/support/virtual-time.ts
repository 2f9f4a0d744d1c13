import { syncBuiltinESMExports } from "node:module";
import { install } from "@sinonjs/fake-timers";
import { watchRealWork } from "./real-work.ts";

/** Time that passes only while all work waits for it, by a jump to the next timer. */
export interface VirtualTime {
  /** Runs `work` to its end. Several may run at once. */
  readonly run: <T>(work: () => Promise<T>) => Promise<T>;
  /** Sets the clock without firing a timer, as if its hands were turned. */
  readonly setClock: (nowMs: number) => void;
  readonly end: () => void;
}

let isInstalled = false;

/**
 * Replaces the timers, `Date` and `performance` of this process, in `node:timers/promises` and `AbortSignal.timeout` as well,
 * until `end`. There can be one at a time.
 */
export function beginVirtualTime(startMs: number): VirtualTime {
  if (isInstalled) throw new Error("Time is virtual already: the world before has not been closed");
  isInstalled = true;
  const realWork = watchRealWork();
  const timers = install({
    now: startMs,
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"],
    ignoreMissingTimers: true,
  });
  const RealDate = Date;
  globalThis.Date = virtualDate(() => timers.now);
  const { timeout } = AbortSignal;
  AbortSignal.timeout = abortAfter;
  syncBuiltinESMExports();

  const underWay = new Set<{ readonly stuck: (error: Error) => void }>();
  let isPassing = false;
  const pass = async () => {
    isPassing = true;
    while (underWay.size > 0) {
      await realWork.settled();
      if (underWay.size === 0) break;
      if (timers.countTimers() > 0) timers.next();
      else for (const { stuck } of underWay) stuck(new Error("Everybody waits, and no timer is set"));
    }
    isPassing = false;
  };

  return {
    run: async (work) => {
      const { promise: stuck, reject } = Promise.withResolvers<never>();
      const entry = { stuck: reject };
      underWay.add(entry);
      if (!isPassing) void pass();
      try {
        return await Promise.race([work(), stuck]);
      } finally {
        underWay.delete(entry);
      }
    },
    setClock: (nowMs) => timers.setSystemTime(nowMs),
    end: () => {
      timers.uninstall();
      globalThis.Date = RealDate;
      AbortSignal.timeout = timeout;
      syncBuiltinESMExports();
      realWork.restore();
      isInstalled = false;
    },
  };
}

/** `Date` by another clock. The dates of fake-timers cost twenty times as much, and a night makes thousands. */
function virtualDate(now: () => number): DateConstructor {
  const RealDate = Date;
  function VirtualDate(...fields: readonly unknown[]): Date | string {
    if (!new.target) return new RealDate(now()).toString();
    return fields.length === 0 ? new RealDate(now()) : Reflect.construct(RealDate, fields);
  }
  const { parse, UTC, prototype } = RealDate;
  return Object.assign(VirtualDate, { now, parse, UTC, prototype }) as unknown as DateConstructor;
}

function abortAfter(ms: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new DOMException("The operation timed out", "TimeoutError")), ms);
  return controller.signal;
}
