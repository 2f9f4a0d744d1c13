import { JobError } from "../errors.ts";
import { streakAfter, waitAfter } from "./after-stop.ts";
import type { Engine } from "./engine.ts";
import type { JobOpening, PacedOptions, PacedWork, Run, RunServices, Steps } from "./job.ts";
import { runSlice, type SliceResult, TimeUp } from "./slice.ts";

/** Thrown through a job's story when a newer run has taken over. */
export class Superseded extends Error {
  override readonly name = "Superseded";
}

/** The engine's side of a run: its steps, and what they have come to. */
export interface RunSteps<Services> extends Steps<Services> {
  readonly takeOwnership: () => Promise<void>;
  /** Whether any paced work was ended before its time. */
  readonly wasCut: () => boolean;
  /** Until when the paced rate group has to rest, as far as any step has told. */
  readonly restUntil: () => Date | undefined;
}

interface SlicesOptions {
  /** False only for the step that makes the run the owner. @default true */
  readonly asOwner?: boolean;
  /** Whether to wait until the paced rate group may be used again. @default false */
  readonly paced?: boolean;
  /** @default it may */
  readonly mayGoOn?: () => boolean;
}

/** AWS ends an execution at 3,000 operations, for good; a run stays well below, and holds some back for its last work. */
const operationsLimit = 2_500;
const operationsHeldBack = 100;
/** A slice is far shorter than the function's 15 minutes, so that being killed repeats little. */
const longestSliceMs = 4 * 60_000;

export function createSteps<Services extends RunServices>(
  engine: Engine,
  run: Run,
  job: JobOpening<Services>,
): RunSteps<Services> {
  let operations = 0;
  let cut = false;
  let restUntil = 0;

  const wait = async (name: string, seconds: number): Promise<void> => {
    if (seconds < 1) return;
    operations++;
    await engine.wait(name, seconds);
  };

  /** Slices of one piece of work until it is done, or `mayGoOn` says no. Whatever decides comes from a stored result: replay must take the same turns. */
  const slices = async <T>(
    name: string,
    effect: (services: Services, from: unknown, reached: (cursor: unknown) => void) => Promise<T>,
    { asOwner = true, paced = false, mayGoOn = () => true }: SlicesOptions = {},
  ): Promise<T | undefined> => {
    let cursor: unknown;
    let streak = 0;
    let pausedUntil = 0;
    while (mayGoOn()) {
      operations++;
      const from = cursor;
      const resumeAt = paced ? Math.max(pausedUntil, restUntil) : pausedUntil;
      const result: SliceResult<T> = await engine.step(name, () =>
        runSlice({ job, run, resumeAt, asOwner }, (s, reached) => effect(s, from, reached)),
      );
      if (result.is === "superseded") throw new Superseded();
      restUntil = Math.max(restUntil, result.restUntil ?? 0);
      if (result.is === "done") return result.value;
      const { why, cursor: reached = from } = result;
      streak = streakAfter(why, JSON.stringify(reached) !== JSON.stringify(from), streak);
      cursor = reached;
      pausedUntil = why.is === "pause" ? why.until : 0;
      await wait(why.is === "pause" ? `${name}: ${why.reason}` : `${name}: again`, waitAfter(why, streak));
    }
    cut = true;
    return undefined;
  };

  return {
    wasCut: () => cut,
    restUntil: () => (restUntil > 0 ? new Date(restUntil) : undefined),
    takeOwnership: async () => {
      const take = await slices("take ownership", (s) => s.owner.take(run.name), { asOwner: false });
      await wait("an earlier run's requests leave the window", take?.waitSeconds ?? 0);
    },
    once: async <T>(name: string, effect: (services: Services) => Promise<T>) =>
      // Without a limit it ends only with a value.
      (await slices(name, (s) => effect(s))) as T,
    paced: async <Cursor>(name: string, work: PacedWork<Services, Cursor>, { last = false }: PacedOptions = {}) => {
      const limit = last ? operationsLimit : operationsLimit - operationsHeldBack;
      const whole = (s: Services, from: unknown, reached: (cursor: unknown) => void) =>
        inTime(work(s, from as Cursor | undefined), reached);
      await slices(name, whole, { paced: !last, mayGoOn: () => operations < limit });
    },
    attempt,
  };
}

async function attempt(work: Promise<unknown>): Promise<JobError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    // That a run is superseded, and the engine's own way of ending an invocation, are not the story's to catch.
    if (error instanceof JobError) return error;
    throw error;
  }
}

async function inTime(cursors: AsyncIterable<unknown>, reached: (cursor: unknown) => void): Promise<null> {
  const began = performance.now();
  for await (const cursor of cursors) {
    reached(cursor);
    if (performance.now() - began > longestSliceMs) throw new TimeUp();
  }
  return null;
}
