import type { Settings } from "./job-services.ts";

/** An account of which a day is soon told: a page of sums, and two of hours. */
export const smallAccount = {
  organisation: { users: 21, queues: 2, sites: 1, departments: 1, ivrs: 1 },
  calls: { perDay: 12 },
};

/** Of each kind of metric one: plain and in parts, counted and timed, and the one that answers call otherwise. */
export const smallSettings: Settings = {
  groups: ["Company", "Users"],
  chosen: [
    ...(["allCalls", "callsByDirection", "callsByActions", "queueOpportunities"] as const),
    ...(["allCallsDuration", "callsDurationByDirection"] as const),
  ],
  recollectDays: 3,
  archiveFrom: "2026-11-01",
};
