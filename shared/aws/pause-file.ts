import * as z from "zod/mini";
import { Instant } from "../core/fields.ts";
import { stateKeys } from "../core/object-keys.ts";
import type { Pause } from "../core/pause.ts";
import { hasCode, JobError } from "../errors.ts";
import type { Bucket } from "./bucket.ts";
import { versionedObject } from "./versioned-object.ts";

/** Stored record of a job's pause. It is kept when the job is resumed, because nobody may delete from the state bucket. */
const PauseRecord = z.object({ nonce: z.string(), isPaused: z.boolean(), since: Instant });

/** Reads whether a job is paused. A record that is damaged or denied is `unreadable`. @throws STORAGE_FAILED when S3 is away */
export async function readPause(state: Bucket, job: string): Promise<Pause> {
  try {
    const stored = await pauseObject(state, job).read();
    if (!stored) return { type: "none" };
    if (!stored.value) return { type: "unreadable", reason: `${stateKeys.pause(job)} is damaged` };
    const { isPaused, since } = stored.value;
    return { type: isPaused ? "paused" : "resumed", since };
  } catch (error) {
    if (!hasCode(error, "STORAGE_FAILED") || error.retryable) throw error;
    return { type: "unreadable", reason: error.message };
  }
}

export interface WritePauseOptions {
  readonly isPaused: boolean;
  readonly now: () => Date;
  readonly nonce: () => string;
}

const maxWriteAttempts = 5;

/**
 * Pauses or resumes a job's automatic starts. Returns since when, and whether that is new.
 * @throws STORAGE_FAILED
 */
export async function writePause(
  state: Bucket,
  job: string,
  { isPaused, now, nonce }: WritePauseOptions,
): Promise<{ readonly since: string; readonly isNew: boolean }> {
  const record = pauseObject(state, job);
  for (let attempt = 0; attempt < maxWriteAttempts; attempt++) {
    const stored = await record.read();
    const current = stored?.value;
    if (current?.isPaused === isPaused) return { since: current.since, isNew: false };
    // After a response of S3, whose clock counts.
    const since = now().toISOString();
    if (!stored && !isPaused) return { since, isNew: false };
    const version = await record.write({ nonce: nonce(), isPaused, since }, stored?.version);
    if (version !== undefined) return { since, isNew: true };
  }
  throw new JobError("STORAGE_FAILED", `${stateKeys.pause(job)} was changed by others on each of 5 attempts`, {
    retryable: true,
    hint: "Run the command again.",
  });
}

function pauseObject(state: Bucket, job: string) {
  return versionedObject(state, stateKeys.pause(job), PauseRecord);
}
