import { type RateGroup, rateGroups } from "../../contract.ts";
import { Pause, type PauseReason } from "../../core/async/pause.ts";
import {
  admissionAt,
  afterBlock,
  afterRelease,
  afterResponse,
  afterStart,
  initialWindow,
  nextSliceAtMs,
  type RateHeaders,
  type RateWindow,
  requestsOfOthers,
  shareOfLimit,
} from "../../core/time/rate-window.ts";

/** Keeps the requests of one slice and rate group within RingCentral's rate limit. */
export interface RateGate {
  /** Acquires a slot in the rate window. @throws Pause when none is left and no request is running */
  readonly acquire: () => Promise<void>;
  /** Releases an acquired slot for which no request was sent. */
  readonly release: () => void;
  /** Ends a request that has a slot, with its rate headers, if any. */
  readonly onResponse: (headers: RateHeaders | undefined) => void;
  /**
   * Blocks the group after a 429, for `ms` times the jobs at work, and returns until when. No job knows of another's block,
   * and a request within it would restart it.
   */
  readonly blockFor: (ms: number) => Date;
  /** Returns the end of the current block, for a caller that has a slot. */
  readonly blockedUntil: () => Date | undefined;
  /** Returns when the next slice may use the group; undefined if it may do so now. */
  readonly nextWindowAt: () => Date | undefined;
  /** Returns the rate limit in RingCentral's last response; undefined before the first. */
  readonly rateLimit: () => Pick<RateHeaders, "limit" | "windowMs"> | undefined;
  /** Returns how many requests of other programs or slices RingCentral counted in the window; undefined before a response. */
  readonly requestsOfOthers: () => number | undefined;
  /** Returns how many of these requests the slice may send, because other jobs are at work on the group. */
  readonly shareOfLimit: () => number | undefined;
}

/** Counts the jobs at work on a rate group, this one included. Never throws a JobError. */
export type JobsAtWork = () => Promise<number>;

/** The gate of each rate group. */
export type RateGates = Readonly<Record<RateGroup, RateGate>>;

/** Creates the gates of all rate groups, for one slice. `jobsAtWork`: by group, where other jobs may share it. */
export function createRateGates(now: () => Date, jobsAtWork: Partial<Record<RateGroup, JobsAtWork>> = {}): RateGates {
  return Object.fromEntries(rateGroups.map((group) => [group, createRateGate(now, jobsAtWork[group])])) as RateGates;
}

/** Creates the gate of one rate group, for one slice. Its first request counts the jobs at work. */
export function createRateGate(now: () => Date, jobsAtWork: JobsAtWork = async () => 1): RateGate {
  let window: RateWindow = initialWindow;
  let jobs: number | undefined;
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
    wake();
    change = newChange();
  }

  return {
    acquire: async () => {
      for (;;) {
        const admission = admissionAt(window, now().getTime());
        if (admission.type === "go" || (admission.type === "probe" && window.inFlight === 0)) break;
        if (window.inFlight > 0) await change;
        else if (admission.type === "wait") throw new Pause(new Date(admission.untilMs), reason);
      }
      window = afterStart(window);
      // Only the slice's first request counts them: the others wait for its response.
      jobs ??= await jobsAtWork();
      window = { ...window, jobs };
    },
    release: () => end(afterRelease(window)),
    onResponse: (headers) => end(afterResponse(window, headers, now().getTime())),
    blockFor: (ms) => {
      reason = "rate-limited";
      window = afterBlock(window, now().getTime() + ms * window.jobs);
      return new Date(window.blockedUntilMs);
    },
    blockedUntil: () => (now().getTime() < window.blockedUntilMs ? new Date(window.blockedUntilMs) : undefined),
    nextWindowAt: () => {
      const until = nextSliceAtMs(window, now().getTime());
      return until === undefined ? undefined : new Date(until);
    },
    rateLimit: () => (window.limit === undefined ? undefined : { limit: window.limit, windowMs: window.windowMs }),
    requestsOfOthers: () => requestsOfOthers(window),
    shareOfLimit: () => shareOfLimit(window),
  };
}
