import type { Day } from "../../core/time/days.ts";
import type { JobError } from "../../errors.ts";

/** A recording to fetch. */
export interface DueRecording {
  /** The day whose manifest gets the event. */
  readonly day: Day;
  readonly id: string;
  readonly contentUri: string;
  /** The day it is stored under, if two days reference it. @default day */
  readonly owningDay?: Day | undefined;
  /** Set if the day's plan cannot be read; then only the day is known. */
  readonly planError?: JobError | undefined;
  /** True if no attempt was made before. */
  readonly isFirst?: boolean | undefined;
}
