import type * as z from "zod/mini";
import type { Tally } from "../core/whose-fault.ts";
import type { JobError } from "../errors.ts";
import type { Items } from "./items.ts";
import type { Log } from "./log.ts";

/** One execution of a job. */
export interface Run {
  /** Name of the durable execution, made from the scheduled time or the request. */
  readonly name: string;
  /** True if an operator started it. */
  readonly manual: boolean;
}

/** The owner of a job: the run that claimed it last. Ownership never expires. */
export interface RunOwner {
  /** Makes `run` the owner. Returns how long to wait for the earlier run's rate window. */
  readonly claim: (run: string) => Promise<{ readonly waitSeconds: number }>;
  readonly isCurrent: (run: string) => Promise<boolean>;
  /** Writes that `run` has ended, and whether it failed. The next run waits until `nextWindowAt` at most, or not at all. */
  readonly release: (run: string, nextWindowAt?: Date, failed?: boolean) => Promise<void>;
}

/** Services that every job offers. They exist inside steps only, so that replay has no side effects. */
export interface RunServices {
  readonly now: () => Date;
  readonly owner: RunOwner;
  readonly log: Log;
  /** When the job's rate group may be used again; undefined if it may be used now. */
  readonly nextWindowAt: () => Date | undefined;
}

/** Log and metrics of one run. Never throws and needs no configuration, so that a configuration error is reported. */
export interface RunReporter {
  readonly log: Log;
  /** Logs and counts the end of the run. `at` defaults to this machine's clock. */
  readonly ended: (status: RunStatus, error: JobError | undefined, at: Date | undefined) => void;
  /** Publishes the metrics counted since the last call. */
  readonly publish: () => void;
}

/**
 * `paused`: stopped before the engine's limit of operations; the next run continues. `superseded`: a newer run is the
 * owner.
 */
export type RunStatus = "finished" | "paused" | "superseded" | "failed";

/** Yields a cursor whenever everything before it is stored. */
export type PacedWork<Services, Cursor> = (services: Services, from: Cursor | undefined) => AsyncIterable<Cursor>;

/** Runs the steps of a job. */
export interface RunContext<Services> {
  /** Runs `effect` once and stores its result, which must be small JSON: counts, keys, cursors. */
  readonly step: <T>(name: string, effect: (services: Services) => Promise<T>) => Promise<T>;
  /**
   * Processes items in slices and decides whose fault each failure is. Waiting in a pause is free. Returns the tally.
   */
  readonly items: <Item>(
    name: string,
    open: (services: Services) => Items<Item> | Promise<Items<Item>>,
    options?: PacedOptions,
  ) => Promise<Tally>;
  /** Runs `work` in slices, from cursor to cursor. Waiting in a pause is free. Returns the last cursor. */
  readonly pacedLoop: <Cursor>(
    name: string,
    work: PacedWork<Services, Cursor>,
    options?: PacedOptions,
  ) => Promise<Cursor | undefined>;
  /**
   * Awaits `work` and returns its JobError instead of throwing, so that later steps still run. The caller rethrows it.
   */
  readonly catchJobError: <T>(work: Promise<T>) => Promise<ValueOrError<T>>;
}

/** Either a value or an error. */
export interface ValueOrError<T> {
  readonly value?: T;
  readonly error?: JobError;
}

export interface PacedOptions {
  /** True for the last work of a run. It sends no paced request and may use the reserved operations. @default false */
  readonly reserved?: boolean;
}

/** Opens services and reporter for each step of a run. */
export interface JobResources<Services extends RunServices> {
  readonly services: (run: Run) => Promise<Services>;
  readonly reporter: (run: Run) => RunReporter;
}

/** The checked request of a job, and its run. */
export interface JobSteps<Request, Services extends RunServices, Result> {
  readonly request: z.ZodMiniType<Request>;
  readonly run: (request: Request, context: RunContext<Services>) => Promise<Result>;
}
