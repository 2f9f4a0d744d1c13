import { Pause } from "../core/async/pause.ts";
import {
  emptyTally,
  isControlDue,
  isFew,
  isOwnFault,
  isOwnFaultByControl,
  mayConcernAll,
  suspicionAfter,
  type Tally,
} from "../core/whose-fault.ts";
import { deserializeError, JobError } from "../errors.ts";
import { evidenceOf } from "./evidence.ts";
import type { Items, ItemsCursor, Undecided } from "./items.ts";
import { type ControlResult, runControl } from "./items-control.ts";
import { createItemsQueue } from "./items-queue.ts";
import { createItemsStanding } from "./items-standing.ts";
import { createItemsStop } from "./items-stop.ts";
import { TimeUp } from "./slice.ts";

export interface ItemsSliceOptions {
  readonly now: () => Date;
  /** Age of the slice, in ms, from which no further item starts. */
  readonly maxSliceMs: number;
}

/** The work on items within one slice. */
export interface ItemsSlice {
  /** Processes items until a save or a control is due, or no item can start. */
  readonly run: () => Promise<"save-due" | "control-due" | "ended">;
  /** Requests something that RingCentral served before, and decides with it whose fault the failures are. */
  readonly runControl: () => Promise<void>;
  readonly save: () => Promise<ItemsCursor>;
  /** @throws Pause, TimeUp or JobError when items are left */
  readonly throwIfStopped: () => void;
  readonly tally: () => Tally;
}

const start: ItemsCursor = {
  slice: 0,
  next: 0,
  undecided: [],
  signs: { api: 0, storage: 0 },
  beginsWithOne: true,
  unavailableSlices: 0,
  streaks: [],
  row: { result: "", count: 0 },
  tally: emptyTally,
};

/** Creates one slice of work on items, from the last stored cursor. */
export function createItemsSlice<Item>(
  items: Items<Item>,
  { now, maxSliceMs }: ItemsSliceOptions,
  from: ItemsCursor = start,
): ItemsSlice {
  const { groupOf = () => "", resultOf = usualResultOf, maxUnsaved = 1 } = items;
  const slice = from.slice + 1;
  const endsAtMs = now().getTime() + maxSliceMs;
  const queue = createItemsQueue(items, from);
  const standing = createItemsStanding(items, from, slice);
  const { signs } = standing;
  const inFlight = new Map<number, { readonly group: string; readonly task: Promise<void> }>();
  const failedNow = new Set<number>();
  let hasRequested = false;
  let control: ControlResult | "not-run" = "not-run";
  const stop = createItemsStop(now);
  let { lastDone } = from;
  let sign = Promise.withResolvers<void>();

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

  const judge = async (place: number, item: Item, thrown: unknown): Promise<void> => {
    const evidence = evidenceOf(thrown);
    if (evidence.type === "stop") return stop.with(evidence.error);
    if (evidence.type === "wait") {
      // A rate window that was used up without success is fruitless, too.
      hasRequested = true;
      return stop.with(evidence.pause);
    }
    // Reporting a failure is no sign that anything works.
    hasRequested = true;
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
  };

  const workOn = async (place: number, item: Item): Promise<void> => {
    let isNew = false;
    const succeeded = () => {
      isNew = true;
      standing.newResponse();
      sign.resolve();
    };
    try {
      await items.work(item, succeeded);
      queue.decide(place);
      standing.succeeded(item, isNew);
      if (isNew) lastDone = place;
    } catch (thrown) {
      // An item whose failure was not reported is not decided.
      await judge(place, item, thrown).catch(stop.forFailure);
    }
  };

  /** Items that may run now: one, until a response arrives, if the slice begins with one. */
  const concurrency = () => (from.beginsWithOne && standing.decided === 0 && signs.api < slice ? 1 : items.concurrency);

  const fill = async () => {
    while (
      !stop.reason &&
      !mayConcernAll(denials().length, false) &&
      !failureOfAll() &&
      inFlight.size < concurrency()
    ) {
      if (standing.decided > 0 && now().getTime() >= endsAtMs) return stop.with(new TimeUp());
      const next = await queue.next();
      if (!next) return;
      const { place, item } = next;
      const group = groupOf(item);
      const groupInFlight = [...inFlight.values()].filter((each) => each.group === group).length;
      const move = items.groupOf ? standing.next(group, groupInFlight) : "go";
      if (move === "hold") return queue.putBack(next);
      if (move === "leave") {
        queue.decide(place);
        standing.left(item);
        continue;
      }
      const task = workOn(place, item).finally(() => inFlight.delete(place));
      inFlight.set(place, { group, task });
    }
  };

  /** Reports denied items as failed once another item has succeeded. */
  const settleDenials = async () => {
    for (const each of denials()) if (each.suspicion && isOwnFault(each.suspicion, signs)) await failLater(each);
  };

  /** Reports a few denied items as failed. If many are denied, the work ends with their error and none is reported. */
  const conclude = async () => {
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
  };

  return {
    tally: () => standing.tally,
    run: async () => {
      try {
        for (;;) {
          await fill();
          if (inFlight.size === 0) break;
          await Promise.race([sign.promise, ...[...inFlight.values()].map(({ task }) => task)]);
          sign = Promise.withResolvers();
          await settleDenials();
          if (standing.unsaved >= maxUnsaved && !stop.reason) return "save-due";
        }
        await settleDenials();
        if ((isInDoubt() || nothingCame()) && control === "not-run" && !(stop.reason instanceof JobError))
          return "control-due";
        await conclude();
      } catch (thrown) {
        stop.forFailure(thrown);
      }
      await Promise.all([...inFlight.values()].map(({ task }) => task));
      if (queue.suspects() > 0) stop.resume();
      return "ended";
    },
    runControl: async () => {
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
    save: async () => {
      const cursor: ItemsCursor = {
        slice,
        next: queue.started(),
        undecided: queue.undecided(),
        beginsWithOne: beginsNextWithOne(),
        unavailableSlices: unavailableSlices(),
        lastDone,
        ...standing.toCursor(),
      };
      standing.saved();
      await items.save?.();
      return cursor;
    },
    throwIfStopped: () => stop.throwIfStopped(obtained()),
  };
}

function usualResultOf({ code, details }: JobError): string {
  const word = details.errorCode ?? details.status;
  return word === undefined ? code : `${code} ${word}`;
}
