import type { WorldOptions } from "./world.ts";

/** The small company of `npm start`, with four times RingCentral's usual limit in a thirtieth of the time. */
export const company: WorldOptions["ringCentral"] = {
  limits: {
    heavy: { limit: 40, windowMs: 2_000, penaltyMs: 2_000 },
    light: { limit: 50, windowMs: 2_000, penaltyMs: 2_000 },
  },
  account: {
    calls: { perDay: 150, lateShare: 0.02, changingShare: 0.05, overMidnight: 1 },
    recordings: { contentType: "mixed" },
  },
};
