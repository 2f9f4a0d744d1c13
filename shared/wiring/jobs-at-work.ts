import type { Bucket } from "../aws/bucket.ts";
import { isAtWork, OwnerRecord } from "../aws/run-owner.ts";
import { versionedObject } from "../aws/versioned-object.ts";
import { stateKeys } from "../core/object-keys.ts";
import { JobError } from "../errors.ts";
import type { JobsAtWork } from "../ringcentral/http/rate-gate.ts";

/** Counts this job and those of `others` that are at work, from their owner records. One GET for each of the others. */
export function createJobsAtWork(state: Bucket, others: readonly string[], now: () => Date): JobsAtWork {
  const isWorking = async (job: string) => {
    try {
      const stored = await versionedObject(state, stateKeys.owner(job), OwnerRecord).read();
      // No run continues over an unreadable record.
      return isAtWork(stored?.value, now());
    } catch (error) {
      // A share too small costs time, and one too large a 429.
      if (error instanceof JobError) return true;
      throw error;
    }
  };
  return async () => 1 + (await Promise.all(others.map(isWorking))).filter(Boolean).length;
}
