import type { PauseReason } from "../core/async/pause.ts";
import { emptyTally } from "../core/whose-fault.ts";
import { deserializeError, hasCode, JobError, type SerializedError } from "../errors.ts";
import { carriedOver, type FruitlessSlices, nextFruitless, waitSecondsAfter } from "./backoff.ts";
import type { Engine } from "./engine.ts";
import { isLoginError } from "./evidence.ts";
import type { Items, ItemsCursor } from "./items.ts";
import type { JobResources, PacedOptions, PacedWork, Run, RunContext, RunServices, ValueOrError } from "./job.ts";
import { maxSliceMs, runSlice, type SliceResult, type Stop } from "./slice.ts";
import { workThrough } from "./work-through.ts";

/** Thrown through a job's run when a newer run is the owner. */
export class Superseded extends Error {
  override readonly name = "Superseded";
}

/** A RunContext with what the engine needs: ownership, and how far the steps came. */
export interface EngineContext<Services> extends RunContext<Services> {
  readonly claim: () => Promise<void>;
  /** True if the limit of operations ended any work early. */
  readonly wasCut: () => boolean;
  /** When the paced rate group may be used again, as of the last step. */
  readonly nextWindowAt: () => Date | undefined;
}

interface SlicesOptions {
  /** False only for the step that claims ownership. @default true */
  readonly asOwner?: boolean;
  /** True to wait until the paced rate group may be used again. @default false */
  readonly paced?: boolean;
  /** False once the limit of operations is reached. @default always true */
  readonly mayContinue?: () => boolean;
}

/**
 * AWS ends an execution permanently at 3,000 operations. A run stays well below and reserves some for its last work.
 */
const maxOperations = 2_500;
const reservedOperations = 100;

/**
 * True if no request may be sent before a pause ends. A token may come sooner from another holder. An unavailable S3 may
 * not have set the container's clock, so that the pause's end cannot be trusted.
 */
const isBlockedUntil: Readonly<Record<PauseReason, boolean>> = {
  window: true,
  "rate-limited": true,
  token: false,
  unavailable: false,
};

/**
 * Creates the context of a run over the engine. It must issue the same operations in the same order at every replay.
 */
export function createRunContext<Services extends RunServices>(
  engine: Engine,
  run: Run,
  job: JobResources<Services>,
): EngineContext<Services> {
  let operations = 0;
  let cut = false;
  let nextWindowAtMs = 0;
  let loginError: SerializedError | undefined;
  /** From work that ended because RingCentral sent nothing usable: later work does not wait as long again. */
  let ended: FruitlessSlices | undefined;

  const wait = async (name: string, seconds: number): Promise<void> => {
    if (seconds < 1) return;
    operations++;
    await engine.wait(name, seconds);
  };

  /** @throws JobError when the work cannot continue. After a login error no further paced work starts. */
  const secondsAfter = (stop: Stop, atMs: number, fruitless: FruitlessSlices | undefined): number => {
    try {
      return waitSecondsAfter(stop, atMs, fruitless);
    } catch (error) {
      if (error instanceof JobError && isLoginError(error)) loginError ??= error.toJSON();
      if (hasCode(error, "API_UNAVAILABLE") && fruitless) ended = carriedOver(fruitless);
      throw error;
    }
  };

  /**
   * Runs slices until the work is done or `mayContinue` returns false. Decides from stored results only: replay must
   * branch alike.
   */
  const slices = async <T>(
    name: string,
    effect: (services: Services, from: unknown, reached: (cursor: unknown) => void) => Promise<T>,
    { asOwner = true, paced = false, mayContinue = () => true }: SlicesOptions = {},
  ): Promise<{ readonly value?: T; readonly cursor: unknown }> => {
    let cursor: unknown;
    let fruitless = paced ? ended : undefined;
    let pausedUntil = 0;
    while (mayContinue()) {
      operations++;
      const from = cursor;
      const resumeAtMs = paced ? Math.max(pausedUntil, nextWindowAtMs) : pausedUntil;
      const result: SliceResult<T> = await engine.step(name, () =>
        runSlice({ job, run, resumeAtMs, asOwner }, (services, reached) => effect(services, from, reached)),
      );
      if (result.type === "superseded") throw new Superseded();
      nextWindowAtMs = Math.max(nextWindowAtMs, result.nextWindowAtMs ?? 0);
      cursor = result.cursor ?? from;
      if (result.type === "done") return { value: result.value, cursor };
      const { stop, atMs } = result;
      fruitless = nextFruitless(stop, atMs, fruitless);
      if (paced && !fruitless) ended = undefined;
      pausedUntil = stop.type === "pause" && isBlockedUntil[stop.reason] ? stop.until : 0;
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
    const limit = reserved ? maxOperations : maxOperations - reservedOperations;
    const drain = async (services: Services, from: unknown, reached: (cursor: unknown) => void) => {
      for await (const cursor of work(services, from as Cursor | undefined)) reached(cursor);
      return null;
    };
    const { cursor } = await slices(name, drain, { paced: !reserved, mayContinue: () => operations < limit });
    return cursor as Cursor | undefined;
  };

  return {
    wasCut: () => cut,
    nextWindowAt: () => (nextWindowAtMs > 0 ? new Date(nextWindowAtMs) : undefined),
    claim: async () => {
      const { value: claimed } = await slices("claim", ({ owner }) => owner.claim(run.name), { asOwner: false });
      await wait("wait for the earlier run's rate window", claimed?.waitSeconds ?? 0);
    },
    step: async <T>(name: string, effect: (services: Services) => Promise<T>) =>
      // Without `mayContinue` the slices end with a value only.
      (await slices(name, effect)).value as T,
    items: async <Item>(
      name: string,
      open: (services: Services) => Items<Item> | Promise<Items<Item>>,
      options?: PacedOptions,
    ) => {
      const work = async function* (services: Services, from: ItemsCursor | undefined) {
        yield* workThrough(await open(services), { now: services.now, maxSliceMs }, from);
      };
      return (await pacedLoop(name, work, options))?.tally ?? emptyTally;
    },
    pacedLoop,
    catchJobError,
  };
}

async function catchJobError<T>(work: Promise<T>): Promise<ValueOrError<T>> {
  try {
    return { value: await work };
  } catch (error) {
    // Superseded, and what the engine throws to end an invocation, must pass through.
    if (error instanceof JobError) return { error };
    throw error;
  }
}
