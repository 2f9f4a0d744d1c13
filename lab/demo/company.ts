import { Env } from "../../shared/contract.ts";
import type { WorldOptions } from "./world.ts";

/** The world of `npm start`: a small company with four times RingCentral's usual limit in a thirtieth of the time. */
export const company = {
  skipWaits: false,
  environment: { [Env.analyticsGroups]: "Company,Users,Queues,Departments" },
  ringCentral: {
    limits: {
      heavy: { limit: 40, windowMs: 2_000, penaltyMs: 2_000 },
      light: { limit: 50, windowMs: 2_000, penaltyMs: 2_000 },
    },
    account: {
      calls: { perDay: 60, lateShare: 0.02, changingShare: 0.05, overMidnight: 1 },
      recordings: { contentType: "mixed" },
      // As in real accounts, the analytics count some calls otherwise than the call log.
      analytics: { differs: { missingShare: 0.01, countedTwiceShare: 0.01 } },
    },
  },
} as const satisfies WorldOptions;
