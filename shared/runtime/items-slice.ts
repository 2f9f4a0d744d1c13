import { emptyTally, type Tally } from "../core/whose-fault.ts";
import type { Items, ItemsCursor } from "./items.ts";
import { createItemsJudge } from "./items-judge.ts";
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
  const { groupOf = () => "", maxUnsaved = 1 } = items;
  const slice = from.slice + 1;
  const endsAtMs = now().getTime() + maxSliceMs;
  const queue = createItemsQueue(items, from);
  const standing = createItemsStanding(items, from, slice);
  const stop = createItemsStop(now);
  const judge = createItemsJudge({ items, from, slice, queue, standing, stop });
  const inFlight = new Map<number, { readonly group: string; readonly task: Promise<void> }>();
  let { lastDone } = from;
  let sign = Promise.withResolvers<void>();

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
      await judge.judge(place, item, thrown).catch(stop.forFailure);
    }
  };

  /** Items that may run now: one, until a response arrives, if the slice begins with one. */
  const concurrency = () =>
    from.beginsWithOne && standing.decided === 0 && standing.signs.api < slice ? 1 : items.concurrency;

  const fill = async () => {
    while (!stop.reason && judge.mayContinue() && inFlight.size < concurrency()) {
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

  return {
    tally: () => standing.tally,
    run: async () => {
      try {
        for (;;) {
          await fill();
          if (inFlight.size === 0) break;
          await Promise.race([sign.promise, ...[...inFlight.values()].map(({ task }) => task)]);
          sign = Promise.withResolvers();
          await judge.settleDenials();
          if (standing.unsaved >= maxUnsaved && !stop.reason) return "save-due";
        }
        await judge.settleDenials();
        if (judge.isControlDue()) return "control-due";
        await judge.conclude();
      } catch (thrown) {
        stop.forFailure(thrown);
      }
      await Promise.all([...inFlight.values()].map(({ task }) => task));
      if (queue.suspects() > 0) stop.resume();
      return "ended";
    },
    runControl: () => judge.runControl(lastDone),
    save: async () => {
      const cursor: ItemsCursor = {
        slice,
        next: queue.started(),
        undecided: queue.undecided(),
        lastDone,
        ...judge.toCursor(),
        ...standing.toCursor(),
      };
      standing.saved();
      await items.save?.();
      return cursor;
    },
    throwIfStopped: () => stop.throwIfStopped(judge.obtained()),
  };
}
