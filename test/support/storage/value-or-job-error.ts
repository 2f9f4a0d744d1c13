import { JobError } from "../../../shared/errors.ts";
import { expectPrototypesUntouched } from "../ringcentral/documented-ends.ts";

/** Returns the value of `work`, or its JobError. Any other error fails the test. */
export async function valueOrJobError<T>(work: () => T | Promise<T>): Promise<T | JobError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof JobError) return error;
    throw error;
  } finally {
    expectPrototypesUntouched();
  }
}
