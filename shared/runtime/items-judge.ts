import { Pause } from "../core/async/pause.ts";
import {
  isControlDue,
  isFew,
  isOwnFault,
  isOwnFaultByControl,
  mayConcernAll,
  suspicionAfter,
} from "../core/whose-fault.ts";
import { deserializeError, JobError } from "../errors.ts";
import { evidenceOf } from "./evidence.ts";
import type { Items, ItemsCursor, Undecided } from "./items.ts";
import { type ControlResult, runControl } from "./items-control.ts";
import type { ItemsQueue } from "./items-queue.ts";
import type { ItemsStanding } from "./items-standing.ts";
import type { ItemsStop } from "./items-stop.ts";

/** Decides in one slice whose fault each failure is: the item's own, or one that concerns all items. */
export interface ItemsJudge<Item> {
  /** Reports the failure, keeps the item undecided, or stops the slice. */
  readonly judge: (place: number, item: Item, thrown: unknown) => Promise<void>;
  /** False once failures may concern all items. */
  readonly mayContinue: () => boolean;
  /** Reports denied items as failed once another item has succeeded. */
  readonly settleDenials: () => Promise<void>;
  /** True if a control can decide what is in doubt. */
  readonly isControlDue: () => boolean;
  /** Requests something that RingCentral served before, and decides with it whose fault the failures are. */
  readonly runControl: (lastDone: number | undefined) => Promise<void>;
  /** Reports a few denied items as failed. If many are denied, the work ends with their error and none is reported. */
  readonly conclude: () => Promise<void>;
  /** True if the slice obtained anything that is stored; undefined if it requested nothing. */
  readonly obtained: () => boolean | undefined;
  readonly toCursor: () => Pick<ItemsCursor, "beginsWithOne" | "unavailableSlices">;
}

export interface ItemsJudgeOptions<Item> {
  readonly items: Items<Item>;
  readonly from: ItemsCursor;
  readonly slice: number;
  readonly queue: ItemsQueue<Item>;
  readonly standing: ItemsStanding<Item>;
  readonly stop: ItemsStop;
}

/** Creates the judge of one slice, from the last stored cursor. */
export function createItemsJudge<Item>(options: ItemsJudgeOptions<Item>): ItemsJudge<Item> {
  const { items, from, slice, queue, standing, stop } = options;
  const { resultOf = usualResultOf } = items;
  const { signs } = standing;
  const failedNow = new Set<number>();
  let hasRequested = false;
  let control: ControlResult | "not-run" = "not-run";

  /** False if storage failed: responses that were not stored are requested again. */
  const isKept = () => standing.decided > 0 || !stop.isStorageAway;
  const obtained = () => (signs.api === slice && isKept() ? true : hasRequested ? false : undefined);
  /** A slice without requests proves nothing, so that the next begins as this one did. */
  const beginsNextWithOne = () => {
    if (obtained() === undefined) return from.beginsWithOne;
    return stop.reason instanceof Pause && (stop.reason.reason === "unavailable" || obtained() === false);
  };
  const denials = () => queue.undecided().filter(({ suspicion }) => suspicion?.evidence === "denied");
  const failureOfAll = () => (control === "succeeded" ? undefined : standing.failureOfAll);
  const isInDoubt = () =>
    mayConcernAll(denials().length, queue.isEmpty() && !stop.reason) || failureOfAll() !== undefined;
  const unavailableSlices = () => {
    if (stop.isApiAway) return from.unavailableSlices + 1;
    return signs.api === slice ? 0 : from.unavailableSlices;
  };
  const nothingCame = () => stop.isApiAway && signs.api < slice && isControlDue(unavailableSlices());

  const fail = async (place: number, item: Item, error: JobError) => {
    const result = resultOf(error, item);
    await items.reportFailure(item, { error, result, othersSucceeded: signs.api > 0 });
    queue.decide(place);
    standing.failed(item, result, error);
  };

  const failLater = async ({ place, error }: Undecided) => {
    if (error) await fail(place, await queue.at(place), deserializeError(error));
  };

  return {
    obtained,
    mayContinue: () => !mayConcernAll(denials().length, false) && !failureOfAll(),
    isControlDue: () => (isInDoubt() || nothingCame()) && control === "not-run" && !(stop.reason instanceof JobError),
    judge: async (place, item, thrown) => {
      const evidence = evidenceOf(thrown);
      if (evidence.type === "stop") return stop.with(evidence.error);
      // Reporting a failure is no sign that anything works, and a rate window that was used up without success is fruitless.
      hasRequested = true;
      if (evidence.type === "wait") return stop.with(evidence.pause);
      if (evidence.type === "own") return fail(place, item, evidence.error);
      failedNow.add(place);
      const suspicion = suspicionAfter(queue.suspicionOf(place), evidence.suspicion, slice);
      const isOwn =
        control === "succeeded"
          ? isOwnFaultByControl(suspicion, signs, unavailableSlices())
          : isOwnFault(suspicion, signs);
      if (isOwn) return fail(place, item, evidence.error);
      queue.suspect({ place, suspicion, error: evidence.error.toJSON() });
      if (suspicion.evidence === "denied") return;
      stop.forUnavailable(suspicion.source, evidence.error, evidence.until);
    },
    settleDenials: async () => {
      for (const each of denials()) if (each.suspicion && isOwnFault(each.suspicion, signs)) await failLater(each);
    },
    conclude: async () => {
      if (!isInDoubt()) return;
      const left = denials();
      const areFew = isFew({ ...standing.tally, attempted: standing.tally.attempted + left.length });
      const mayBeReported = control !== "denied" && left.every(({ suspicion }) => suspicion?.source === "api");
      if (items.areFewReported && areFew && mayBeReported) {
        for (const each of left) await failLater(each);
        return;
      }
      const error = left[0]?.error;
      const reason = error ? deserializeError(error) : failureOfAll();
      if (reason) stop.with(reason);
    },
    runControl: async (lastDone) => {
      control = "none";
      // A control without response makes the slice fruitless, too.
      hasRequested = true;
      try {
        control = await runControl(items, queue, lastDone);
        if (control !== "succeeded") return;
        standing.newResponse();
        for (const each of queue.undecided()) {
          const isDecided = each.suspicion && failedNow.has(each.place) && isOwnFault(each.suspicion, signs);
          if (isDecided) await failLater(each);
        }
        // Other items may succeed now; those that failed in earlier slices are requested once more.
        stop.holdBack();
      } catch (thrown) {
        stop.forFailure(thrown);
      }
    },
    toCursor: () => ({ beginsWithOne: beginsNextWithOne(), unavailableSlices: unavailableSlices() }),
  };
}

function usualResultOf({ code, details }: JobError): string {
  const word = details.errorCode ?? details.status;
  return word === undefined ? code : `${code} ${word}`;
}
