import { type RateGroup, rateGroups } from "../../contract.ts";
import { Pause, type PauseReason } from "../../core/async/pause.ts";
import {
  admissionAt,
  afterBlock,
  afterRelease,
  afterResponse,
  afterStart,
  initialWindow,
  nextWindowAtMs,
  type RateHeaders,
  type RateWindow,
} from "../../core/time/rate-window.ts";

/** Keeps the requests of one slice and rate group within RingCentral's rate limit. */
export interface RateGate {
  /** Acquires a slot in the rate window. @throws Pause when none is left and no request is running */
  readonly acquire: () => Promise<void>;
  /** Releases an acquired slot for which no request was sent. */
  readonly release: () => void;
  /** Ends a request that has a slot, with its rate headers, if any. */
  readonly onResponse: (headers: RateHeaders | undefined) => void;
  readonly blockUntil: (until: Date) => void;
  /** Returns the end of the current block, for a caller that has a slot. */
  readonly blockedUntil: () => Date | undefined;
  /** Returns when the group may be used again; undefined if it may be used now. */
  readonly nextWindowAt: () => Date | undefined;
  /** Returns the rate limit in RingCentral's last response; undefined before the first. */
  readonly rateLimit: () => Pick<RateHeaders, "limit" | "windowMs"> | undefined;
}

/** The gate of each rate group. */
export type RateGates = Readonly<Record<RateGroup, RateGate>>;

/** Creates the gates of all rate groups, for one slice. */
export function createRateGates(now: () => Date): RateGates {
  return Object.fromEntries(rateGroups.map((group) => [group, createRateGate(now)])) as RateGates;
}

/** Creates the gate of one rate group, for one slice. */
export function createRateGate(now: () => Date): RateGate {
  let window: RateWindow = initialWindow;
  let lastHeaders: RateHeaders | undefined;
  let underWay = 0;
  let reason: PauseReason = "window";
  let wake: () => void = () => {};
  let change = newChange();

  function newChange(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
    });
  }

  function end(next: RateWindow): void {
    window = next;
    underWay--;
    wake();
    change = newChange();
  }

  return {
    acquire: async () => {
      for (;;) {
        const admission = admissionAt(window, now().getTime());
        if (admission.type === "go" || (admission.type === "probe" && underWay === 0)) break;
        if (underWay > 0) await change;
        else if (admission.type === "wait") throw new Pause(new Date(admission.untilMs), reason);
      }
      underWay++;
      window = afterStart(window);
    },
    release: () => end(afterRelease(window)),
    onResponse: (headers) => {
      lastHeaders = headers ?? lastHeaders;
      end(afterResponse(window, headers, now().getTime()));
    },
    blockUntil: (until) => {
      reason = "rate-limited";
      window = afterBlock(window, until.getTime());
    },
    blockedUntil: () => (now().getTime() < window.blockedUntilMs ? new Date(window.blockedUntilMs) : undefined),
    nextWindowAt: () => {
      const until = nextWindowAtMs(window, now().getTime());
      return until === undefined ? undefined : new Date(until);
    },
    rateLimit: () => lastHeaders,
  };
}
