import * as z from "zod/mini";
import { maxRunDays } from "../contract.ts";
import { Instant } from "../core/fields.ts";
import type { Versioned } from "../core/versioned.ts";

/** Stored record of the run that works for a job; `ended` is set once that run has ended, `failed` if it failed. */
export const OwnerRecord = z.object({
  nonce: z.string(),
  run: z.string(),
  since: Instant,
  ended: z.optional(Instant),
  failed: z.optional(z.boolean()),
  /** Instant before which no request of the job's rate group should be sent. */
  nextWindowAt: z.optional(Instant),
});
export type OwnerRecord = z.infer<typeof OwnerRecord>;

/** One rate window at RingCentral; after it no request of an earlier run counts. */
const windowMs = 60_000;
/**
 * A slice of another job counts the jobs at work before its first request. If it counted before this run claimed its job, its
 * requests may fill a whole window, which began at most 30 s after.
 */
const joinMs = 90_000;
const maxRunMs = maxRunDays * 24 * 60 * 60_000;
/** A stored `nextWindowAt` further ahead is cut to this. */
const maxWindowWaitMs = 60 * 60_000;

/**
 * True if a job's run may be sending requests: it has not ended, and AWS has not ended it either. So one that died counts
 * until its job's next run has ended, {@link maxRunDays} days at most.
 */
export function isAtWork(record: OwnerRecord | undefined, now: Date): boolean {
  return record !== undefined && !record.ended && now.getTime() - Date.parse(record.since) < maxRunMs;
}

export interface RunOwnerOptions {
  readonly now: () => Date;
  readonly nonce: () => string;
  /** Counts the jobs at work on the job's rate group, this one included. */
  readonly jobsAtWork: () => Promise<number>;
}

/**
 * Stores which run works for a job: the last one that claimed it. An older run reads this before its next slice and
 * ends.
 */
export function createRunOwner(record: Versioned<OwnerRecord>, options: RunOwnerOptions) {
  const nowMs = () => options.now().getTime();
  const nextWindowAtMsOf = (record: OwnerRecord | undefined) =>
    Math.min(Date.parse(record?.nextWindowAt ?? "") || 0, nowMs() + maxWindowWaitMs);

  /** Epoch ms before which a run, owner since `sinceMs`, leaves the group to the other jobs: they count it afterwards. */
  const joinedAtMs = async (sinceMs: number) => ((await options.jobsAtWork()) > 1 ? sinceMs + joinMs : 0);

  /** Writes the owner record. Keeps `nextWindowAt` only if it lies in the future. */
  const write = async (
    run: string,
    { ended, failed = false }: { readonly ended: boolean; readonly failed?: boolean },
    nextWindowAtMs: number,
    ifMatch: string | undefined,
  ) => {
    const now = options.now().toISOString();
    const nextWindowAt = nextWindowAtMs > nowMs() ? new Date(nextWindowAtMs).toISOString() : undefined;
    const value = {
      nonce: options.nonce(),
      run,
      since: now,
      ...(ended && { ended: now }),
      ...(failed && { failed }),
      ...(nextWindowAt && { nextWindowAt }),
    };
    return (await record.write(value, ifMatch)) !== undefined;
  };

  return {
    /**
     * Makes `run` the owner. Returns the seconds until the earlier run's rate window ends, and until the jobs at work on
     * the same rate group have noticed it; after a kill, those that remain.
     */
    claim: async (run: string): Promise<{ readonly waitSeconds: number }> => {
      for (;;) {
        const stored = await record.read();
        const previous = stored?.value;
        const isOwner = previous?.run === run && !previous.ended;
        // The run of an unreadable record may still be running.
        const mayStillRun = stored !== undefined && !isOwner && !previous?.ended;
        const nextWindowAtMs = Math.max(nextWindowAtMsOf(previous), mayStillRun ? nowMs() + windowMs : 0);
        if (isOwner || (await write(run, { ended: false }, nextWindowAtMs, stored?.version))) {
          // Only now: of two jobs that begin at once, the later one sees the other.
          const startMs = Math.max(nextWindowAtMs, await joinedAtMs(isOwner ? Date.parse(previous.since) : nowMs()));
          return { waitSeconds: Math.max(0, Math.ceil((startMs - nowMs()) / 1000)) };
        }
      }
    },
    isCurrent: async (run: string) => (await record.read())?.value?.run === run,
    /** Marks the run as ended, unless another run owns the job. */
    release: async (run: string, nextWindowAt?: Date, failed = false) => {
      const stored = await record.read();
      if (stored?.value?.run !== run) return;
      const nextWindowAtMs = Math.max(nextWindowAtMsOf(stored.value), nextWindowAt?.getTime() ?? 0);
      await write(run, { ended: true, failed }, nextWindowAtMs, stored.version);
    },
  };
}
