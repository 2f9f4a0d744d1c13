import { Pause } from "../core/pause.ts";
import type { RateGate } from "../ringcentral/rate-gate.ts";
import { readAccountNote, undefinedIfOfStorage } from "../storage/account-note.ts";
import { noteHint } from "./note-hint.ts";
import type { ArchiveServices } from "./services.ts";

/** How many downloads one rate window has room for. */
export interface DownloadPace {
  /** Takes room for one more. @throws Pause until the next window if there is none */
  readonly begin: () => Promise<void>;
  /** Notes whether RingCentral told a recording's length. */
  readonly sawLength: (bytes: number | undefined) => void;
  /** Stores what was seen, for the next slice. */
  readonly save: () => Promise<void>;
}

/**
 * A recording whose length RingCentral does not tell takes two requests: only asking for what follows shows that it is whole.
 * Then half as many begin in a window, or all of them would be thrown away at its end for want of the second.
 */
export function openDownloadPace(s: ArchiveServices, account: string): DownloadPace {
  // Read while the window's first downloads look for what is stored already.
  const noted = readAccountNote(s.state).catch(undefinedIfOfStorage);
  noted.catch(() => undefined);
  const wereLengthsUnknown = async () => (await noted)?.areLengthsUnknown ?? false;
  const gate = s.client.gate("heavy");
  let seen: boolean | undefined;
  let begun = 0;
  return {
    begin: async () => {
      const areLengthsUnknown = seen ?? (await wereLengthsUnknown());
      if (areLengthsUnknown && begun >= roomIn(gate))
        throw new Pause(gate.restUntil() ?? nextWindow(gate, s.now()), "budget");
      begun++;
    },
    sawLength: (bytes) => {
      seen = bytes === undefined;
    },
    save: async () => {
      if (seen === undefined || seen === (await wereLengthsUnknown())) return;
      await noteHint(s, { id: account, areLengthsUnknown: seen });
    },
  };
}

function roomIn(gate: RateGate): number {
  return Math.max(1, Math.floor((gate.budget()?.limit ?? 2) / 2));
}

function nextWindow(gate: RateGate, now: Date): Date {
  return new Date(now.getTime() + (gate.budget()?.windowMs ?? 60_000));
}
