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

/** Holds one rate group's requests of one slice at RingCentral's limit, never over it. */
export interface RateGate {
  /** Takes one place in the window, or throws Pause once every request under way has been answered. */
  readonly acquire: () => Promise<void>;
  /** Gives back a place that was taken and not needed. */
  readonly release: () => void;
  /** Tells what came back for a request that was admitted: its rate headers, or nothing. */
  readonly onResponse: (headers: RateHeaders | undefined) => void;
  /** Closes the gate until `until`. */
  readonly blockUntil: (until: Date) => void;
  /** The end of a silence that is in force, for whoever holds a place already. */
  readonly silentUntil: () => Date | undefined;
  /** When the group may be used again; undefined when it may be now. */
  readonly nextWindowAt: () => Date | undefined;
  /** What RingCentral last said of the group, or undefined. */
  readonly rateLimit: () => Pick<RateHeaders, "limit" | "windowMs"> | undefined;
}

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

  function leave(after: RateWindow): void {
    window = after;
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
    release: () => leave(afterRelease(window)),
    onResponse: (headers) => {
      lastHeaders = headers ?? lastHeaders;
      leave(afterResponse(window, headers, now().getTime()));
    },
    blockUntil: (until) => {
      reason = "rate-limited";
      window = afterBlock(window, until.getTime());
    },
    silentUntil: () => (now().getTime() < window.blockedUntilMs ? new Date(window.blockedUntilMs) : undefined),
    nextWindowAt: () => {
      const until = nextWindowAtMs(window, now().getTime());
      return until === undefined ? undefined : new Date(until);
    },
    rateLimit: () => lastHeaders,
  };
}
