import { isFruitless, waitAfter } from "./after-stop.ts";
import type { Engine } from "./engine.ts";
import type { PacedOptions, PacedWork, Run, RunServices, Steps } from "./job.ts";
import { runSlice, type SliceResult, TimeUp } from "./slice.ts";

/** Thrown through a job's story when a newer run has taken over. */
export class Superseded extends Error {
  override readonly name = "Superseded";
}

/** The engine's side of a run: its steps, and whether any paced work was ended before its time. */
export interface RunSteps<Services> extends Steps<Services> {
  readonly takeOwnership: () => Promise<void>;
  readonly wasCut: () => boolean;
}

/** AWS ends an execution at 3,000 operations, for good; a run stays well below, and holds some back for its last work. */
const operationsLimit = 2_500;
const operationsHeldBack = 100;
/** A slice is far shorter than the function's 15 minutes, so that being killed repeats little. */
const longestSliceMs = 4 * 60_000;

export function createSteps<Services extends RunServices>(
  engine: Engine,
  run: Run,
  services: (run: Run) => Promise<Services>,
): RunSteps<Services> {
  let operations = 0;
  let cut = false;

  const wait = async (name: string, seconds: number): Promise<void> => {
    if (seconds < 1) return;
    operations++;
    await engine.wait(name, seconds);
  };

  /** Slices of one piece of work until it is done, or `mayGoOn` says no. Whatever decides comes from a stored result: replay must take the same turns. */
  const slices = async <T>(
    name: string,
    effect: (services: Services, from: unknown, reached: (cursor: unknown) => void) => Promise<T>,
    { asOwner = true, mayGoOn = () => true }: { asOwner?: boolean; mayGoOn?: () => boolean } = {},
  ): Promise<T | undefined> => {
    let cursor: unknown;
    let streak = 0;
    let resumeAt = 0;
    while (mayGoOn()) {
      operations++;
      const [from, at] = [cursor, resumeAt];
      const result: SliceResult<T> = await engine.step(name, () =>
        runSlice({ run, services, resumeAt: at, asOwner }, (s, reached) => effect(s, from, reached)),
      );
      if (result.is === "done") return result.value;
      if (result.is === "superseded") throw new Superseded();
      const { why, cursor: reached } = result;
      streak = isFruitless(why, reached !== undefined) ? streak + 1 : 0;
      cursor = reached ?? cursor;
      resumeAt = why.is === "pause" ? why.until : 0;
      await wait(why.is === "pause" ? `${name}: ${why.reason}` : `${name}: again`, waitAfter(why, streak));
    }
    cut = true;
    return undefined;
  };

  return {
    wasCut: () => cut,
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
      await slices(name, whole, { mayGoOn: () => operations < limit });
    },
  };
}

async function inTime(cursors: AsyncIterable<unknown>, reached: (cursor: unknown) => void): Promise<null> {
  const began = performance.now();
  for await (const cursor of cursors) {
    reached(cursor);
    if (performance.now() - began > longestSliceMs) throw new TimeUp();
  }
  return null;
}
