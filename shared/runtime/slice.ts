import { setTimeout as sleep } from "node:timers/promises";
import { Pause, type PauseReason } from "../core/async/pause.ts";
import { JobError, type SerializedError, serializeError } from "../errors.ts";
import type { JobResources, Run, RunServices } from "./job.ts";

/** How one durable step ended. Plain data, because the SDK keeps only name and message of an error thrown by a step. */
export type SliceResult<T> =
  | ({ readonly type: "done"; readonly value: T; readonly cursor?: unknown } & NextWindow)
  | { readonly type: "superseded" }
  | ({ readonly type: "stopped"; readonly stop: Stop; readonly atMs: number; readonly cursor?: unknown } & NextWindow);

/** Epoch ms at which the paced rate group may be used again. Stored, because the next slice cannot know it. */
interface NextWindow {
  readonly nextWindowAtMs?: number;
}

/** Why a slice ended before its work did. `obtained`: true if anything new came; undefined if it sent no request. */
export type Stop =
  | { readonly type: "time-up"; readonly obtained?: boolean }
  | {
      readonly type: "pause";
      readonly reason: PauseReason;
      readonly until: number;
      readonly waitSeconds: number;
      readonly obtained?: boolean;
      /** The error that caused the pause, if any. */
      readonly error?: SerializedError;
    }
  | { readonly type: "failed"; readonly error: SerializedError };

export interface SliceOptions<Services extends RunServices> {
  readonly job: JobResources<Services>;
  readonly run: Run;
  /**
   * Epoch ms before which the slice sends no request. Up to 1,000 ms is slept here (billed); more throws Pause (free).
   */
  readonly resumeAtMs: number;
  /** False only for the step that claims ownership. @default true */
  readonly asOwner?: boolean;
}

/** Thrown by work whose slice has used its time. */
export class TimeUp extends Error {
  override readonly name = "TimeUp";
  readonly obtained: boolean | undefined;

  constructor(obtained?: boolean) {
    super();
    this.obtained = obtained;
  }
}

/** Far below the function's 15 minutes, so that a killed invocation repeats little. */
export const maxSliceMs = 4 * 60_000;

const maxAlignmentMs = 1_000;

/**
 * Runs `effect` as one step that never throws. `effect` passes `reached` the cursor before which everything is stored.
 */
export async function runSlice<Services extends RunServices, T>(
  { job, run, resumeAtMs, asOwner = true }: SliceOptions<Services>,
  effect: (services: Services, reached: (cursor: unknown) => void) => Promise<T>,
): Promise<SliceResult<T>> {
  const { log, publish } = job.reporter(run);
  let opened: Services | undefined;
  let cursor: unknown;
  try {
    opened = await job.services(run);
    if (asOwner && !(await opened.owner.isCurrent(run.name))) return { type: "superseded" };
    // Only now, because S3's response has set the clock of a container whose own is wrong.
    await align(resumeAtMs, opened.now());
    const value = await effect(opened, (reached) => {
      cursor = reached;
    });
    return { type: "done", value, ...(cursor !== undefined && { cursor }), ...nextWindowOf(opened) };
  } catch (error) {
    const at = opened?.now() ?? new Date();
    const stop = stopOf(error, at);
    if (stop.type === "failed") log.warn("slice failed", stop.error);
    if (stop.type === "pause" && stop.error) log.warn("slice paused", { ...stop.error, reason: stop.reason });
    return {
      type: "stopped",
      stop,
      atMs: at.getTime(),
      ...(cursor !== undefined && { cursor }),
      ...nextWindowOf(opened),
    };
  } finally {
    publish();
  }
}

function nextWindowOf(services: RunServices | undefined): NextWindow {
  const until = services?.nextWindowAt();
  return until ? { nextWindowAtMs: until.getTime() } : {};
}

/** Sleeps until `resumeAtMs`. @throws Pause when that is more than a second away: the engine waits for free */
async function align(resumeAtMs: number, now: Date): Promise<void> {
  const early = resumeAtMs - now.getTime();
  if (early > maxAlignmentMs) throw new Pause(new Date(resumeAtMs), "window");
  if (early > 0) await sleep(early);
}

function stopOf(error: unknown, now: Date): Stop {
  if (error instanceof TimeUp) return { type: "time-up", ...obtainedBy(error) };
  if (!(error instanceof Pause)) return { type: "failed", error: serializeError(error) };
  const until = error.until.getTime();
  // To the nearest second: half a second too long delays the run, half a second too short is billed.
  const waitSeconds = Math.max(0, Math.round((until - now.getTime()) / 1000));
  const cause = error.cause instanceof JobError && { error: serializeError(error.cause) };
  return { type: "pause", reason: error.reason, until, waitSeconds, ...obtainedBy(error), ...cause };
}

function obtainedBy({ obtained }: Pause | TimeUp) {
  return obtained === undefined ? {} : { obtained };
}
