import { maxAlikeInGroup, minDenialsForAll } from "../core/whose-fault.ts";
import { hasCode, JobError } from "../errors.ts";

/** Tells an object that S3 does not return from an S3 that returns none, and from a role that may read nothing. */
export interface ReadGuard {
  /**
   * Returns what `work` returns, or the error of an object that S3 denies or cannot return. `work` reads from S3, and may run
   * again.
   * @throws STORAGE_FAILED when S3 denies all, or is unavailable
   */
  readonly attempt: <T>(work: () => Promise<T>) => Promise<T | JobError>;
  /** The last read that succeeded; undefined if none has. */
  readonly lastRead: () => Read | undefined;
  /** @throws STORAGE_FAILED when S3 has denied everything */
  readonly end: () => void;
}

type Read = () => Promise<unknown>;

/** An object that was unavailable this often is at fault if another was readable again each time. */
const minFailures = 3;

export interface ReadGuardOptions {
  /** True if S3 has returned other objects: then a few denials are these objects' own. @default false */
  readonly hasReadElsewhere?: boolean;
  /** Says which other object to read again. @default the last of these that was readable */
  readonly others?: Pick<ReadGuard, "lastRead"> | undefined;
  /** This many denials before anything was readable concern all. */
  readonly maxDenials?: number;
}

/** Creates the guard of one kind of objects. */
export function createReadGuard(options: ReadGuardOptions = {}): ReadGuard {
  const { hasReadElsewhere = false, others, maxDenials = minDenialsForAll } = options;
  let denied = 0;
  let unavailable = 0;
  let first: JobError | undefined;
  let readable: Read | undefined;
  const lastRead = () => others?.lastRead() ?? readable;
  return {
    lastRead,
    attempt: async (work) => {
      try {
        const value = await readUnlessUnavailable(work, lastRead);
        if (!(value instanceof JobError)) readable = work;
        else if (++unavailable > maxAlikeInGroup || (!readable && unavailable >= minDenialsForAll)) throw value;
        return value;
      } catch (error) {
        if (!hasCode(error, "STORAGE_FAILED") || error.retryable) throw error;
        first ??= error;
        if (!readable && ++denied >= maxDenials) throw error;
        return error;
      }
    },
    end: () => {
      if (first && !readable && !hasReadElsewhere) throw first;
    },
  };
}

/**
 * Returns the error of an object that stays unavailable although another is readable again.
 * @throws STORAGE_FAILED during an outage, when the other is not readable either, or while nothing was readable yet
 */
async function readUnlessUnavailable<T>(work: () => Promise<T>, other: () => Read | undefined): Promise<T | JobError> {
  for (let failures = 1; ; failures++) {
    try {
      return await work();
    } catch (error) {
      const control = other();
      if (!hasCode(error, "STORAGE_FAILED") || !error.retryable || !control) throw error;
      if (failures === minFailures) return error;
      // A control that is denied says nothing about S3, and its error is not this object's.
      await control().catch((failed: unknown) => {
        throw hasCode(failed, "STORAGE_FAILED") && failed.retryable ? failed : error;
      });
    }
  }
}
