import type { PauseReason } from "../core/async/pause.ts";
import { emptyTally } from "../core/whose-fault.ts";
import { deserializeError, JobError, type SerializedError } from "../errors.ts";
import { carriedOver, type FruitlessSlices, nextFruitless, waitSecondsAfter } from "./backoff.ts";
import type { Engine } from "./engine.ts";
import { isLoginError } from "./evidence.ts";
import type { Items, ItemsCursor } from "./items.ts";
import type { Attempted, JobResources, PacedOptions, PacedWork, Run, RunContext, RunServices } from "./job.ts";
import { runSlice, type SliceResult, type Stop } from "./slice.ts";
import { workThrough } from "./work-through.ts";

/** Thrown through a job's story when a newer run has taken over. */
export class Superseded extends Error {
  override readonly name = "Superseded";
}

/** The engine's side of a run: its steps, and what they have come to. */
export interface EngineContext<Services> extends RunContext<Services> {
  readonly claim: () => Promise<void>;
  /** Whether any paced work was ended before its time. */
  readonly wasCut: () => boolean;
  /** Until when the paced rate group has to rest, as far as any step has told. */
  readonly nextWindowAt: () => Date | undefined;
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
const maxSliceMs = 4 * 60_000;

/**
 * Whether no request may be sent before the instant at which a pause ends. A token may come sooner, by another holder; and a
 * fault may have been S3's, from whose answers a container whose clock is wrong would have learned the time.
 */
const isToldByRingCentral: Readonly<Record<PauseReason, boolean>> = {
  window: true,
  "rate-limited": true,
  token: false,
  unavailable: false,
};

export function createRunContext<Services extends RunServices>(
  engine: Engine,
  run: Run,
  job: JobResources<Services>,
): EngineContext<Services> {
  let operations = 0;
  let cut = false;
  let nextWindowAtMs = 0;
  let loginError: SerializedError | undefined;
  /** Of work that ended because RingCentral gave nothing: what follows does not wait for as long again. */
  let ended: FruitlessSlices | undefined;

  const wait = async (name: string, seconds: number): Promise<void> => {
    if (seconds < 1) return;
    operations++;
    await engine.wait(name, seconds);
  };

  /** @throws JobError if the work cannot go on; after one that concerns the login RingCentral is asked for nothing more */
  const secondsAfter = (why: Stop, atMs: number, fruitless: FruitlessSlices | undefined): number => {
    try {
      return waitSecondsAfter(why, atMs, fruitless);
    } catch (error) {
      if (error instanceof JobError && isLoginError(error)) loginError ??= error.toJSON();
      if (error instanceof JobError && error.code === "API_UNAVAILABLE" && fruitless) ended = carriedOver(fruitless);
      throw error;
    }
  };

  /** Slices of one piece of work until it is done, or `mayGoOn` says no. Whatever decides comes from a stored result: replay must take the same turns. */
  const slices = async <T>(
    name: string,
    effect: (services: Services, from: unknown, reached: (cursor: unknown) => void) => Promise<T>,
    { asOwner = true, paced = false, mayGoOn = () => true }: SlicesOptions = {},
  ): Promise<{ readonly value?: T; readonly cursor: unknown }> => {
    let cursor: unknown;
    let fruitless = paced ? ended : undefined;
    let pausedUntil = 0;
    while (mayGoOn()) {
      operations++;
      const from = cursor;
      const resumeAtMs = paced ? Math.max(pausedUntil, nextWindowAtMs) : pausedUntil;
      const result: SliceResult<T> = await engine.step(name, () =>
        runSlice({ job, run, resumeAtMs, asOwner }, (s, reached) => effect(s, from, reached)),
      );
      if (result.type === "superseded") throw new Superseded();
      nextWindowAtMs = Math.max(nextWindowAtMs, result.nextWindowAtMs ?? 0);
      cursor = result.cursor ?? from;
      if (result.type === "done") return { value: result.value, cursor };
      const { stop, atMs } = result;
      fruitless = nextFruitless(stop, atMs, fruitless);
      if (paced && !fruitless) ended = undefined;
      pausedUntil = stop.type === "pause" && isToldByRingCentral[stop.reason] ? stop.until : 0;
      const seconds = secondsAfter(stop, atMs, fruitless);
      await wait(stop.type === "pause" ? `${name}: ${stop.reason}` : `${name}: retry`, seconds);
    }
    cut = true;
    return { cursor };
  };

  const pacedLoop = async <Cursor>(
    name: string,
    work: PacedWork<Services, Cursor>,
    { reserved = false }: PacedOptions = {},
  ) => {
    if (loginError && !reserved) throw deserializeError(loginError);
    const limit = reserved ? operationsLimit : operationsLimit - operationsHeldBack;
    const whole = async (s: Services, from: unknown, reached: (cursor: unknown) => void) => {
      for await (const cursor of work(s, from as Cursor | undefined)) reached(cursor);
      return null;
    };
    const { cursor } = await slices(name, whole, { paced: !reserved, mayGoOn: () => operations < limit });
    return cursor as Cursor | undefined;
  };

  return {
    wasCut: () => cut,
    nextWindowAt: () => (nextWindowAtMs > 0 ? new Date(nextWindowAtMs) : undefined),
    claim: async () => {
      const { value: claimed } = await slices("claim", (s) => s.owner.claim(run.name), { asOwner: false });
      await wait("wait for the earlier run's rate window", claimed?.waitSeconds ?? 0);
    },
    step: async <T>(name: string, effect: (services: Services) => Promise<T>) =>
      // Without a limit it ends only with a value.
      (await slices(name, (s) => effect(s))).value as T,
    items: async <Item>(
      name: string,
      open: (services: Services) => Items<Item> | Promise<Items<Item>>,
      options?: PacedOptions,
    ) => {
      const work = async function* (s: Services, from: ItemsCursor | undefined) {
        yield* workThrough(await open(s), { now: s.now, maxSliceMs }, from);
      };
      return (await pacedLoop(name, work, options))?.tally ?? emptyTally;
    },
    pacedLoop,
    catchJobError,
  };
}

async function catchJobError<T>(work: Promise<T>): Promise<Attempted<T>> {
  try {
    return { value: await work };
  } catch (error) {
    // That a run is superseded, and the engine's own way of ending an invocation, are not the story's to catch.
    if (error instanceof JobError) return { error };
    throw error;
  }
}
