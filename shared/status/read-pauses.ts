import type { Bucket } from "../aws/bucket.ts";
import { readPause } from "../aws/pause-file.ts";
import { type Pause, pausedDays } from "../core/pause.ts";
import { type JobName, jobsInTurn } from "../jobs.ts";

/** A job whose automatic starts are paused, or whose pause cannot be read: then it runs. */
export interface JobPause {
  readonly job: JobName;
  /** Null if it cannot be read. */
  readonly since: string | null;
  /** Whole days. */
  readonly days: number;
  /** Why it cannot be read. */
  readonly reason?: string;
}

/** Reads whether the jobs are paused. @throws STORAGE_FAILED */
export function readPauses(state: Bucket): Promise<readonly (readonly [JobName, Pause])[]> {
  return Promise.all(jobsInTurn.map(async (job) => [job, await readPause(state, job)] as const));
}

/** Returns the jobs that are paused, or may be. */
export function jobPauses(pauses: readonly (readonly [JobName, Pause])[], now: Date): JobPause[] {
  return pauses.flatMap(([job, pause]): readonly JobPause[] => {
    if (pause.type === "unreadable") return [{ job, since: null, days: 0, reason: pause.reason }];
    return pause.type === "paused" ? [{ job, since: pause.since, days: pausedDays(pause, now) }] : [];
  });
}
