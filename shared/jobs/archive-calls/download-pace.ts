import { Pause } from "../../core/async/pause.ts";
import type { RateGate } from "../../ringcentral/http/rate-gate.ts";

/** Limits how many downloads start in one rate window. */
export interface DownloadPace {
  /** Counts one more download. @throws Pause until the next window when there is no room for it */
  readonly begin: () => void;
  /** Takes a recording's length; undefined if RingCentral sent none. */
  readonly sawLength: (bytes: number | undefined) => void;
}

/**
 * A recording of unknown length takes two requests: only a request for further bytes proves that it is complete. Then half
 * as many downloads start in a window, so that each has room for its second request. The slice's first recording decides,
 * because no other starts before its response.
 */
export function createDownloadPace(gate: RateGate, now: () => Date): DownloadPace {
  let areLengthsUnknown = false;
  let begun = 0;
  return {
    begin: () => {
      if (areLengthsUnknown && begun >= roomIn(gate))
        throw new Pause(gate.nextWindowAt() ?? nextWindow(gate, now()), "window");
      begun++;
    },
    sawLength: (bytes) => {
      areLengthsUnknown = bytes === undefined;
    },
  };
}

function roomIn(gate: RateGate): number {
  return Math.max(1, Math.floor((gate.shareOfLimit() ?? 2) / 2));
}

function nextWindow(gate: RateGate, now: Date): Date {
  return new Date(now.getTime() + (gate.rateLimit()?.windowMs ?? 60_000));
}
