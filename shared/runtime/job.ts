import type * as z from "zod/mini";
import type { JobError } from "../errors.ts";
import type { JobName } from "../jobs.ts";
import type { Log } from "./log.ts";

/** One execution of a job. */
export interface Run {
  /** Its execution name: made from the scheduled time or the request. */
  readonly name: string;
  /** True when a person started it. */
  readonly manual: boolean;
}

/** Says which run works for a job: the one that wrote last. Nothing expires, nothing is taken over. */
export interface RunOwner {
  /** Makes `run` the owner; tells how long to let an earlier run's last requests leave the rate window. */
  readonly take: (run: string) => Promise<{ readonly waitSeconds: number }>;
  readonly isOwner: (run: string) => Promise<boolean>;
  /** Notes that `run` has ended, so that the next need not wait for it. */
  readonly release: (run: string) => Promise<void>;
}

/** What every job's services offer to the engine. They exist inside steps only, so that nothing with an effect runs during replay. */
export interface RunServices {
  readonly now: () => Date;
  readonly owner: RunOwner;
  readonly log: Log;
  /** Tells log and metrics how the run ended. */
  readonly ended: (status: RunStatus, error: JobError | undefined) => void;
  /** Publishes what the slice has counted. */
  readonly publish: () => void;
}

/** `paused`: stopped before the engine's limit of operations; the next start goes on. `superseded`: a newer run has taken over. */
export type RunStatus = "done" | "paused" | "superseded" | "failed";

/** A generator of cursors: each is yielded only when everything before it is stored. */
export type PacedWork<Services, Cursor> = (services: Services, from: Cursor | undefined) => AsyncIterable<Cursor>;

/** What a job's story is told with. */
export interface Steps<Services> {
  /** Does `effect` once and keeps its result, which must be small JSON: counts, keys, cursors. */
  readonly once: <T>(name: string, effect: (services: Services) => Promise<T>) => Promise<T>;
  /** Drives `work` in slices, from cursor to cursor, waiting for free whenever it pauses. */
  readonly paced: <Cursor>(name: string, work: PacedWork<Services, Cursor>, options?: PacedOptions) => Promise<void>;
}

export interface PacedOptions {
  /** True for the work that ends a run: it may use the operations that are held back from all other. @default false */
  readonly last?: boolean;
}

export interface JobDefinition<Request, Services extends RunServices, Result> {
  readonly name: JobName;
  readonly request: z.ZodMiniType<Request>;
  /** Opens the services for one step of a run. */
  readonly services: (run: Run) => Promise<Services>;
  readonly story: (request: Request, steps: Steps<Services>) => Promise<Result>;
}

export function defineJob<Request, Services extends RunServices, Result>(
  definition: JobDefinition<Request, Services, Result>,
): JobDefinition<Request, Services, Result> {
  return definition;
}
