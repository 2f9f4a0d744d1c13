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
import { askControl, type ControlResult } from "./items-control.ts";
import { createItemsQueue } from "./items-queue.ts";
import { createItemsStanding } from "./items-standing.ts";
import { TimeUp } from "./slice.ts";

export interface ItemsSliceOptions {
  readonly now: () => Date;
  /** After so long no further item starts. */
  readonly maxSliceMs: number;
}

/** The work on items within one slice. */
export interface ItemsSlice {
  /** Works until something should be saved, a control should be asked for, or nothing more can be started. */
  readonly run: () => Promise<"unsaved" | "in doubt" | "ended">;
  /** Asks for something that was had before, and decides by it what was in doubt. */
  readonly askControl: () => Promise<void>;
  readonly save: () => Promise<ItemsCursor>;
  /** @throws Pause, TimeUp or JobError if items are left */
  readonly throwIfStopped: () => void;
  readonly tally: () => Tally;
}

type Stop = Pause | TimeUp | JobError;

const start: ItemsCursor = {
  ...{ slice: 0, next: 0, undecided: [], signs: { api: 0, storage: 0 }, beginsWithOne: true },
  ...{ unavailableSlices: 0, streaks: [], row: { result: "", count: 0 }, tally: emptyTally },
};

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
  let hasAsked = false;
  let control: ControlResult | "not asked" = "not asked";
  let stop: Stop | undefined;
  /** What the slice was to end with before a control succeeded. */
  let heldBack: Pause | undefined;
  let [isUnavailable, isStorageAway] = [false, false];
  let { lastDone } = from;
  let sign = Promise.withResolvers<void>();

  /** What came and could not be stored will be asked for again. */
  const isKept = () => standing.decided > 0 || !isStorageAway;
  const obtained = () => (signs.api === slice && isKept() ? true : hasAsked ? false : undefined);
  /** A slice that asked for nothing says nothing. */
  const beginsNextWithOne = () => {
    if (obtained() === undefined) return from.beginsWithOne;
    return stop instanceof Pause && (stop.reason === "unavailable" || obtained() === false);
  };
  const denials = () => queue.undecided().filter(({ suspicion }) => suspicion?.evidence === "denied");
  const failureOfAll = () => (control === "succeeded" ? undefined : standing.failureOfAll);
  const isInDoubt = () => mayConcernAll(denials().length, queue.isEmpty() && !stop) || failureOfAll() !== undefined;
  const unavailableSlices = () => {
    if (isUnavailable) return from.unavailableSlices + 1;
    return signs.api === slice ? 0 : from.unavailableSlices;
  };
  const nothingCame = () => isUnavailable && signs.api < slice && isControlDue(unavailableSlices());

  /** An error concerns more than a pause does; of two pauses the longer holds. */
  const stopWith = (reason: Stop) => {
    if (stop instanceof JobError) return;
    const isShorter = stop instanceof Pause && reason instanceof Pause && reason.until <= stop.until;
    if (!isShorter) stop = reason;
  };

  /** For what failed apart from an item: S3 is away, or the deployment is at fault. */
  const stopFor = (thrown: unknown) => {
    const evidence = evidenceOf(thrown);
    if (evidence.type === "wait") return stopWith(evidence.pause);
    const isAway = evidence.type === "suspicion" && evidence.suspicion.evidence === "unavailable";
    isStorageAway ||= isAway && evidence.suspicion.source === "storage";
    stopWith(isAway ? pauseFor(evidence.error, now()) : evidence.error);
  };

  const fail = async (place: number, item: Item, error: JobError) => {
    const result = resultOf(error, item);
    await items.note(item, { error, result, othersSucceeded: signs.api > 0 });
    queue.decide(place);
    standing.failed(item, result, error);
  };

  const failLater = async ({ place, error }: Undecided) => {
    if (error) await fail(place, await queue.at(place), deserializeError(error));
  };

  const judge = async (place: number, item: Item, thrown: unknown): Promise<void> => {
    const evidence = evidenceOf(thrown);
    if (evidence.type === "stop") return stopWith(evidence.error);
    if (evidence.type === "wait") {
      // A window that is used up for nothing is as fruitless as any other end.
      hasAsked = true;
      return stopWith(evidence.pause);
    }
    // A note is no sign of life.
    hasAsked = true;
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
    isUnavailable ||= suspicion.source === "api";
    isStorageAway ||= suspicion.source === "storage";
    stopWith(pauseFor(evidence.error, evidence.until ?? now()));
  };

  const workOn = async (place: number, item: Item): Promise<void> => {
    let isNew = false;
    const succeeded = () => {
      isNew = true;
      standing.gaveSign();
      sign.resolve();
    };
    try {
      await items.work(item, succeeded);
      queue.decide(place);
      standing.succeeded(item, isNew);
      if (isNew) lastDone = place;
    } catch (thrown) {
      // What is not noted is not decided.
      await judge(place, item, thrown).catch(stopFor);
    }
  };

  /** How many items may be under way: one, until there is a sign of life, where the slice begins so. */
  const width = () => (from.beginsWithOne && standing.decided === 0 && signs.api < slice ? 1 : items.concurrency);

  const fill = async () => {
    while (!stop && !mayConcernAll(denials().length, false) && !failureOfAll() && inFlight.size < width()) {
      if (standing.decided > 0 && now().getTime() >= endsAtMs) return stopWith(new TimeUp());
      const next = await queue.next();
      if (!next) return;
      const { place, item } = next;
      const group = groupOf(item);
      const ofGroup = [...inFlight.values()].filter((each) => each.group === group).length;
      const move = items.groupOf ? standing.next(group, ofGroup) : "go";
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

  /** A denial is the item's own once another has succeeded. */
  const settleDenials = async () => {
    for (const each of denials()) if (each.suspicion && isOwnFault(each.suspicion, signs)) await failLater(each);
  };

  /** A few items that RingCentral denied say nothing of others; many end the work, and none of them is blamed. */
  const conclude = async () => {
    if (!isInDoubt()) return;
    const left = denials();
    const areFew = isFew({ ...standing.tally, tried: standing.tally.tried + left.length });
    const mayBeNoted = control !== "denied" && left.every(({ suspicion }) => suspicion?.source === "api");
    if (items.areFewNoted && areFew && mayBeNoted) {
      for (const each of left) await failLater(each);
      return;
    }
    const error = left[0]?.error;
    const reason = error ? deserializeError(error) : failureOfAll();
    if (reason) stopWith(reason);
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
          if (standing.unsaved >= maxUnsaved && !stop) return "unsaved";
        }
        await settleDenials();
        if ((isInDoubt() || nothingCame()) && control === "not asked" && !(stop instanceof JobError)) return "in doubt";
        await conclude();
      } catch (thrown) {
        stopFor(thrown);
      }
      await Promise.all([...inFlight.values()].map(({ task }) => task));
      if (!stop && queue.suspects() > 0) stop = heldBack;
      return "ended";
    },
    askControl: async () => {
      control = "none";
      // A control that never comes makes a slice as fruitless as an item that does not.
      hasAsked = true;
      try {
        control = await askControl(items, queue, lastDone);
        if (control !== "succeeded") return;
        standing.gaveSign();
        for (const each of queue.undecided()) {
          const isDecided = each.suspicion && failedNow.has(each.place) && isOwnFault(each.suspicion, signs);
          if (isDecided) await failLater(each);
        }
        // Others may come after all; what failed in the slices before is tried once more.
        if (!(stop instanceof Pause) || stop.reason !== "unavailable") return;
        heldBack = stop;
        stop = undefined;
      } catch (thrown) {
        stopFor(thrown);
      }
    },
    save: async () => {
      const cursor: ItemsCursor = {
        ...{ slice, next: queue.started(), undecided: queue.undecided() },
        ...{ beginsWithOne: beginsNextWithOne(), unavailableSlices: unavailableSlices(), lastDone },
        ...standing.toCursor(),
      };
      standing.saved();
      await items.save?.();
      return cursor;
    },
    throwIfStopped: () => {
      if (stop instanceof Pause) throw new Pause(stop.until, stop.reason, { cause: stop.cause, obtained: obtained() });
      if (stop instanceof TimeUp) throw new TimeUp(obtained());
      if (stop) throw stop;
    },
  };
}

function pauseFor(error: JobError, until: Date): Pause {
  return new Pause(until, "unavailable", { cause: error });
}

function usualResultOf({ code, details }: JobError): string {
  const word = details.errorCode ?? details.status;
  return word === undefined ? code : `${code} ${word}`;
}
