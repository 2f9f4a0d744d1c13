import { JobError } from "../../../shared/errors.ts";
import { expectPrototypesUntouched } from "../ringcentral/documented-ends.ts";

/** What `work` ends in: its value, or an error under one of our codes; any other error fails the test. */
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
