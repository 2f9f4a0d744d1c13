import { setTimeout as sleep } from "node:timers/promises";
import { Pause, type PauseReason } from "../core/async/pause.ts";
import { JobError, type SerializedError, serializeError } from "../errors.ts";
import type { JobResources, Run, RunServices } from "./job.ts";

/** How one durable step ended; plain data, because an error thrown out of a step keeps only its name and message. */
export type SliceResult<T> =
  | ({ readonly type: "done"; readonly value: T; readonly cursor?: unknown } & Rest)
  | { readonly type: "superseded" }
  | ({ readonly type: "stopped"; readonly stop: Stop; readonly atMs: number; readonly cursor?: unknown } & Rest);

/** Until when the paced rate group has to rest, in milliseconds since the epoch: the next slice cannot know. */
interface Rest {
  readonly nextWindowAtMs?: number;
}

/** Why a slice ended before its work did. `obtained`: whether it brought anything new; undefined where it asked for nothing. */
export type Stop =
  | { readonly type: "time-up"; readonly obtained?: boolean }
  | {
      readonly type: "pause";
      readonly reason: PauseReason;
      readonly until: number;
      readonly waitSeconds: number;
      readonly obtained?: boolean;
      /** What made it pause, as far as that is known. */
      readonly error?: SerializedError;
    }
  | { readonly type: "failed"; readonly error: SerializedError };

export interface SliceOptions<Services extends RunServices> {
  readonly job: JobResources<Services>;
  readonly run: Run;
  /** Milliseconds since the epoch at which work may go on: what whole seconds left over passes here, anything longer in the engine. */
  readonly resumeAtMs: number;
  /** False only for the step that makes the run the owner. @default true */
  readonly asOwner?: boolean;
}

/** Thrown by work that has had its share of time. */
export class TimeUp extends Error {
  override readonly name = "TimeUp";
  readonly obtained: boolean | undefined;

  constructor(obtained?: boolean) {
    super();
    this.obtained = obtained;
  }
}

const longestAlignmentMs = 1_000;

/** Runs `effect` as one step that never throws; `reached` keeps the cursor up to which everything is stored. */
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
    // Only now, since S3's answer has set the clock of a container whose own is wrong.
    await align(resumeAtMs, opened.now());
    const value = await effect(opened, (reached) => {
      cursor = reached;
    });
    return { type: "done", value, ...(cursor !== undefined && { cursor }), ...restOf(opened) };
  } catch (error) {
    const at = opened?.now() ?? new Date();
    const stop = stopOf(error, at);
    if (stop.type === "failed") log.warn("slice failed", stop.error);
    if (stop.type === "pause" && stop.error) log.warn("slice paused", { ...stop.error, reason: stop.reason });
    return { type: "stopped", stop, atMs: at.getTime(), ...(cursor !== undefined && { cursor }), ...restOf(opened) };
  } finally {
    publish();
  }
}

function restOf(services: RunServices | undefined): Rest {
  const until = services?.nextWindowAt();
  return until ? { nextWindowAtMs: until.getTime() } : {};
}

/** @throws Pause when it is far too early: the engine waits for free */
async function align(resumeAtMs: number, now: Date): Promise<void> {
  const early = resumeAtMs - now.getTime();
  if (early > longestAlignmentMs) throw new Pause(new Date(resumeAtMs), "window");
  if (early > 0) await sleep(early);
}

function stopOf(error: unknown, now: Date): Stop {
  if (error instanceof TimeUp) return { type: "time-up", ...obtainedBy(error) };
  if (!(error instanceof Pause)) return { type: "failed", error: serializeError(error) };
  const until = error.until.getTime();
  // To the nearest second: half a second too long is dead time, half a second too short is awake time.
  const waitSeconds = Math.max(0, Math.round((until - now.getTime()) / 1000));
  const cause = error.cause instanceof JobError && { error: serializeError(error.cause) };
  return { type: "pause", reason: error.reason, until, waitSeconds, ...obtainedBy(error), ...cause };
}

function obtainedBy({ obtained }: Pause | TimeUp) {
  return obtained === undefined ? {} : { obtained };
}
