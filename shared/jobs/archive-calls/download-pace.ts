import { Pause } from "../../core/async/pause.ts";
import type { RateGate } from "../../ringcentral/http/rate-gate.ts";
import type { ArchiveServices } from "./services.ts";

/** How many downloads one rate window has room for. */
export interface DownloadPace {
  /** Takes room for one more. @throws Pause until the next window if there is none */
  readonly begin: () => void;
  /** Notes whether RingCentral told a recording's length. */
  readonly sawLength: (bytes: number | undefined) => void;
}

/**
 * A recording whose length RingCentral does not tell takes two requests: only asking for what follows shows that it is whole.
 * Then half as many begin in a window, or all of them would be thrown away at its end for want of the second. The first
 * recording of a slice tells, for until RingCentral has answered no other is asked for.
 */
export function createDownloadPace(s: Pick<ArchiveServices, "client" | "now">): DownloadPace {
  const gate = s.client.gate("heavy");
  let areLengthsUnknown = false;
  let begun = 0;
  return {
    begin: () => {
      if (areLengthsUnknown && begun >= roomIn(gate))
        throw new Pause(gate.nextWindowAt() ?? nextWindow(gate, s.now()), "window");
      begun++;
    },
    sawLength: (bytes) => {
      areLengthsUnknown = bytes === undefined;
    },
  };
}

function roomIn(gate: RateGate): number {
  return Math.max(1, Math.floor((gate.rateLimit()?.limit ?? 2) / 2));
}

function nextWindow(gate: RateGate, now: Date): Date {
  return new Date(now.getTime() + (gate.rateLimit()?.windowMs ?? 60_000));
}
