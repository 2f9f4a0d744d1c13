import type { Settings } from "./job-services.ts";

/** An account of which a day is soon told. */
export const smallAccount = {
  organisation: { users: 3, queues: 2, sites: 1, departments: 1, ivrs: 1 },
  calls: { perDay: 12 },
};

/** Metrics plain and in parts, counted and timed, and one that a single group has. */
export const smallSettings: Settings = {
  groups: ["Company", "Users"],
  chosen: ["allCalls", "callsByDirection", "queueOpportunities", "allCallsDuration"],
  recollectDays: 3,
  archiveFrom: "2026-11-01",
};
