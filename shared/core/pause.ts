import { dayMs } from "./time/days.ts";

/**
 * Whether a job's automatic starts are paused. `unreadable`: it cannot be known, so that the job runs; `since` is an instant,
 * ISO 8601.
 */
export type Pause =
  | { readonly type: "none" }
  | { readonly type: "paused"; readonly since: string }
  | { readonly type: "resumed"; readonly since: string }
  | { readonly type: "unreadable"; readonly reason: string };

/** After these days a pause is to be ended: RingCentral keeps deleting recordings. */
export const maxPausedDays = 7;

/** Returns the whole days since a job was paused; 0 if it is not. */
export function pausedDays(pause: Pause, now: Date): number {
  return pause.type === "paused" ? Math.max(0, Math.floor((now.getTime() - Date.parse(pause.since)) / dayMs)) : 0;
}
