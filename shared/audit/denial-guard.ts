import { minDenialsForAll } from "../core/whose-fault.ts";
import { hasCode, type JobError } from "../errors.ts";

/** Tells an object that S3 does not return from a role that may read nothing. */
export interface DenialGuard {
  /** Returns what `work` returns, or the error of an object that S3 denies. @throws STORAGE_FAILED when it denies all */
  readonly attempt: <T>(work: () => Promise<T>) => Promise<T | JobError>;
  /** @throws STORAGE_FAILED when S3 has denied everything */
  readonly end: () => void;
}

/** @param hasReadElsewhere true if S3 has returned other objects: then a few denials are these objects' own */
export function createDenialGuard(hasReadElsewhere = false): DenialGuard {
  let denied = 0;
  let first: JobError | undefined;
  let hasRead = false;
  return {
    attempt: async (work) => {
      try {
        const value = await work();
        hasRead = true;
        return value;
      } catch (error) {
        if (!hasCode(error, "STORAGE_FAILED") || error.retryable) throw error;
        first ??= error;
        if (!hasRead && ++denied >= minDenialsForAll) throw error;
        return error;
      }
    },
    end: () => {
      if (first && !hasRead && !hasReadElsewhere) throw first;
    },
  };
}
