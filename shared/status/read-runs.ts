import type { Bucket } from "../aws/bucket.ts";
import { isAtWork, OwnerRecord } from "../aws/run-owner.ts";
import { stateKeys } from "../core/object-keys.ts";
import { type JobName, jobsInTurn } from "../jobs.ts";
import { parseStored } from "../storage/stored-json.ts";

/** The last run that worked for a job. */
export interface LastRun {
  readonly job: JobName;
  readonly run: string;
  /** True if it may still be running. */
  readonly isAtWork: boolean;
  readonly hasFailed: boolean;
  /** When it began, or when it ended if it has. */
  readonly at: string;
}

/** Returns the last run of each job that has run. @throws STORAGE_FAILED */
export async function readRuns(state: Bucket, now: () => Date): Promise<LastRun[]> {
  const runs = await Promise.all(
    jobsInTurn.map(async (job) => {
      const record = parseStored(OwnerRecord, await state.get(stateKeys.owner(job)));
      if (!record) return undefined;
      const { run, since, ended, failed = false } = record;
      return { job, run, isAtWork: isAtWork(record, now()), hasFailed: failed, at: ended ?? since };
    }),
  );
  return runs.flatMap((run) => run ?? []);
}
