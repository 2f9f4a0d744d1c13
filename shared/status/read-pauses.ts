import type { Bucket } from "../aws/bucket.ts";
import { readPause } from "../aws/pause-file.ts";
import { pausedDays } from "../core/pause.ts";
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

/** Returns the jobs that are paused. @throws STORAGE_FAILED */
export async function readPauses(state: Bucket, now: () => Date): Promise<JobPause[]> {
  const read = await Promise.all(
    jobsInTurn.map(async (job): Promise<readonly JobPause[]> => {
      const pause = await readPause(state, job);
      if (pause.type === "unreadable") return [{ job, since: null, days: 0, reason: pause.reason }];
      return pause.type === "paused" ? [{ job, since: pause.since, days: pausedDays(pause, now()) }] : [];
    }),
  );
  return read.flat();
}
