import type * as z from "zod/mini";
import type { Tally } from "../core/whose-fault.ts";
import type { JobError } from "../errors.ts";
import type { JobName } from "../jobs.ts";
import type { Items } from "./items.ts";
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
  readonly claim: (run: string) => Promise<{ readonly waitSeconds: number }>;
  readonly isCurrent: (run: string) => Promise<boolean>;
  /** Notes that `run` has ended, so that the next waits no longer than until `quietUntil`, or not at all. */
  readonly release: (run: string, quietUntil?: Date) => Promise<void>;
}

/** What every job's services offer to the engine. They exist inside steps only, so that nothing with an effect runs during replay. */
export interface RunServices {
  readonly now: () => Date;
  readonly owner: RunOwner;
  readonly log: Log;
  /** When the rate group that the job paces may be used again; undefined when it may be now. */
  readonly nextWindowAt: () => Date | undefined;
}

/** What tells of a run; it needs no configuration and no credential and never fails, so that a lack of either is told, too. */
export interface RunReporter {
  readonly log: Log;
  /** Tells log and metrics how the run ended, and when; without `at`, now by this machine's clock. */
  readonly ended: (status: RunStatus, error: JobError | undefined, at: Date | undefined) => void;
  /** Publishes what has been counted since. */
  readonly publish: () => void;
}

/** `paused`: stopped before the engine's limit of operations; the next start goes on. `superseded`: a newer run has taken over. */
export type RunStatus = "finished" | "paused" | "superseded" | "failed";

/** A generator of cursors: each is yielded only when everything before it is stored. */
export type PacedWork<Services, Cursor> = (services: Services, from: Cursor | undefined) => AsyncIterable<Cursor>;

/** What a job's story is told with. */
export interface RunContext<Services> {
  /** Does `effect` once and keeps its result, which must be small JSON: counts, keys, cursors. */
  readonly step: <T>(name: string, effect: (services: Services) => Promise<T>) => Promise<T>;
  /** Works through items in slices, waiting for free whenever it pauses; decides whose fault a failure is. Returns what came of them. */
  readonly items: <Item>(
    name: string,
    open: (services: Services) => Items<Item> | Promise<Items<Item>>,
    options?: PacedOptions,
  ) => Promise<Tally>;
  /** Drives `work` in slices, from cursor to cursor, waiting for free whenever it pauses; returns the last cursor. */
  readonly pacedLoop: <Cursor>(
    name: string,
    work: PacedWork<Services, Cursor>,
    options?: PacedOptions,
  ) => Promise<Cursor | undefined>;
  /** The value of `work`, or the error it failed with, for a story that goes on regardless; it should be thrown in the end. */
  readonly catchJobError: <T>(work: Promise<T>) => Promise<Attempted<T>>;
}

/** What came of work: a value, or an error. */
export interface Attempted<T> {
  readonly value?: T;
  readonly error?: JobError;
}

export interface PacedOptions {
  /** True for the work that ends a run: it asks for nothing that is paced, and may use the operations held back from all other. @default false */
  readonly reserved?: boolean;
}

/** What a job opens for each step of a run. */
export interface JobResources<Services extends RunServices> {
  readonly services: (run: Run) => Promise<Services>;
  readonly reporter: (run: Run) => RunReporter;
}

export interface JobDefinition<Request, Services extends RunServices, Result> extends JobResources<Services> {
  readonly name: JobName;
  readonly request: z.ZodMiniType<Request>;
  readonly run: (request: Request, steps: RunContext<Services>) => Promise<Result>;
}

export function defineJob<Request, Services extends RunServices, Result>(
  definition: JobDefinition<Request, Services, Result>,
): JobDefinition<Request, Services, Result> {
  return definition;
}
