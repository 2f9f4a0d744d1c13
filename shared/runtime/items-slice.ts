import { Pause } from "../core/pause.ts";
import {
  emptyTally,
  isControlDue,
  isFew,
  isOwnFault,
  mayConcernAll,
  suspicionAfter,
  type Tally,
} from "../core/whose-fault.ts";
import { errorFromFacts, JobError } from "../errors.ts";
import { evidenceOf } from "./evidence.ts";
import type { Items, ItemsCursor, Undecided } from "./items.ts";
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
  ...{ slice: 0, next: 0, undecided: [], signs: { api: 0, storage: 0 }, beginsWithOne: true, streaks: [] },
  ...{ row: { result: "", count: 0 }, tally: emptyTally },
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
  let control: "not asked" | "succeeded" | "denied" | "none" = "not asked";
  let stop: Stop | undefined;
  let sign = Promise.withResolvers<void>();

  const obtained = () => (signs.api === slice ? true : hasAsked ? false : undefined);
  /** A slice that asked for nothing says nothing. */
  const beginsNextWithOne = () => {
    if (obtained() === undefined) return from.beginsWithOne;
    return stop instanceof Pause && (stop.reason === "fault" || obtained() === false);
  };
  const denials = () => queue.undecided().filter(({ suspicion }) => suspicion?.evidence === "denied");
  const failureOfAll = () => (control === "succeeded" ? undefined : standing.failureOfAll);
  const isInDoubt = () => mayConcernAll(denials().length, queue.isEmpty() && !stop) || failureOfAll() !== undefined;
  const isAlone = ({ place, suspicion }: Undecided) =>
    suspicion !== undefined && failedNow.has(place) && isControlDue(suspicion);

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
    stopWith(isAway ? pauseFor(evidence.error, now()) : evidence.error);
  };

  const fail = async (place: number, item: Item, error: JobError) => {
    const result = resultOf(error, item);
    await items.note(item, { error, result, othersSucceeded: signs.api > 0 });
    queue.decide(place);
    standing.failed(item, result, error);
  };

  const failLater = async ({ place, error }: Undecided) => {
    if (error) await fail(place, await queue.at(place), errorFromFacts(error));
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
    if (isOwnFault(suspicion, signs)) return fail(place, item, evidence.error);
    queue.suspect({ place, suspicion, error: evidence.error.toJSON() });
    if (suspicion.evidence === "unavailable") stopWith(pauseFor(evidence.error, evidence.until ?? now()));
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

  /** A few items that were denied say nothing of others; many end the work, and none of them is blamed. */
  const conclude = async () => {
    const left = denials();
    if (!isInDoubt() || stop instanceof JobError) return;
    const areFew = isFew({ ...standing.tally, tried: standing.tally.tried + left.length });
    if (items.areFewNoted && areFew && left.length > 0 && control !== "denied") {
      for (const each of left) await failLater(each);
      return;
    }
    const error = left[0]?.error;
    const reason = error ? errorFromFacts(error) : failureOfAll();
    if (reason) stopWith(reason);
  };

  /** Whether nothing is in doubt any more for which this slice was to end. */
  const isSettled = () => stop instanceof Pause && stop.reason === "fault" && queue.suspects() === 0;

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
        const isDoubtful = isInDoubt() || queue.undecided().some(isAlone);
        if (isDoubtful && control === "not asked" && !(stop instanceof JobError)) return "in doubt";
        await conclude();
      } catch (thrown) {
        stopFor(thrown);
      }
      await Promise.all([...inFlight.values()].map(({ task }) => task));
      return "ended";
    },
    askControl: async () => {
      control = "none";
      if (!items.control) return;
      try {
        await items.control();
        control = "succeeded";
        standing.gaveSign();
        for (const each of queue.undecided()) {
          const isDecided = each.suspicion && failedNow.has(each.place) && isOwnFault(each.suspicion, signs);
          if (isDecided) await failLater(each);
        }
        if (isSettled()) stop = undefined;
      } catch (thrown) {
        const evidence = evidenceOf(thrown);
        const isDenied =
          evidence.type === "own" || (evidence.type === "suspicion" && evidence.suspicion.evidence === "denied");
        if (isDenied && control === "none") control = "denied";
        else stopFor(thrown);
      }
    },
    save: async () => {
      const cursor: ItemsCursor = {
        ...{ slice, next: queue.started(), undecided: queue.undecided() },
        beginsWithOne: beginsNextWithOne(),
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
  return new Pause(until, "fault", { cause: error });
}

function usualResultOf({ code, details }: JobError): string {
  const word = details.errorCode ?? details.status;
  return word === undefined ? code : `${code} ${word}`;
}
