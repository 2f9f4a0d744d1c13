import { Pause } from "../core/async/pause.ts";
import type { Suspicion } from "../core/whose-fault.ts";
import { JobError } from "../errors.ts";
import { evidenceOf } from "./evidence.ts";
import { TimeUp } from "./slice.ts";

export type Stop = Pause | TimeUp | JobError;

/** Why a slice starts no further items. */
export interface ItemsStop {
  readonly reason: Stop | undefined;
  /** True if RingCentral or S3 failed in this slice as a service that is away does. */
  readonly isApiAway: boolean;
  readonly isStorageAway: boolean;
  /** Stops. An error overrides a pause; of two pauses the longer counts. */
  readonly with: (reason: Stop) => void;
  /** Stops for a failure outside any item: S3 is unavailable, or the deployment is at fault. */
  readonly forFailure: (thrown: unknown) => void;
  /** Stops because a service was unavailable for an item. */
  readonly forUnavailable: (source: Suspicion["source"], error: JobError, until?: Date) => void;
  /** Continues although RingCentral was unavailable: a control has succeeded. */
  readonly holdBack: () => void;
  /** Stops as before {@link holdBack}, unless there is another reason by now. */
  readonly resume: () => void;
  /** Throws the reason, with whether the slice obtained anything. @throws Pause, TimeUp or JobError */
  readonly throwIfStopped: (obtained: boolean | undefined) => void;
}

/** Creates the state of a slice that has not stopped. */
export function createItemsStop(now: () => Date): ItemsStop {
  let reason: Stop | undefined;
  let heldBack: Pause | undefined;
  let [isApiAway, isStorageAway] = [false, false];

  const stopWith = (next: Stop) => {
    if (reason instanceof JobError) return;
    const isShorter = reason instanceof Pause && next instanceof Pause && next.until <= reason.until;
    if (!isShorter) reason = next;
  };

  return {
    get reason() {
      return reason;
    },
    get isApiAway() {
      return isApiAway;
    },
    get isStorageAway() {
      return isStorageAway;
    },
    with: stopWith,
    forFailure: (thrown) => {
      const evidence = evidenceOf(thrown);
      if (evidence.type === "wait") return stopWith(evidence.pause);
      const isAway = evidence.type === "suspicion" && evidence.suspicion.evidence === "unavailable";
      isStorageAway ||= isAway && evidence.suspicion.source === "storage";
      stopWith(isAway ? pauseFor(evidence.error, now()) : evidence.error);
    },
    forUnavailable: (source, error, until = now()) => {
      isApiAway ||= source === "api";
      isStorageAway ||= source === "storage";
      stopWith(pauseFor(error, until));
    },
    holdBack: () => {
      if (!(reason instanceof Pause) || reason.reason !== "unavailable") return;
      heldBack = reason;
      reason = undefined;
    },
    resume: () => {
      reason ??= heldBack;
    },
    throwIfStopped: (obtained) => {
      if (reason instanceof Pause) throw new Pause(reason.until, reason.reason, { cause: reason.cause, obtained });
      if (reason instanceof TimeUp) throw new TimeUp(obtained);
      if (reason) throw reason;
    },
  };
}

function pauseFor(error: JobError, until: Date): Pause {
  return new Pause(until, "unavailable", { cause: error });
}
