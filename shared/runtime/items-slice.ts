import { Pause } from "../core/pause.ts";
import {
  areTooManyAlike,
  emptyTally,
  isControlDue,
  isFew,
  isOwnFault,
  mayConcernAll,
  type Suspicion,
  suspicionAfter,
  type Tally,
} from "../core/whose-fault.ts";
import { errorFromFacts, JobError } from "../errors.ts";
import { evidenceOf } from "./evidence.ts";
import type { Items, ItemsCursor, Undecided } from "./items.ts";
import { createItemsQueue } from "./items-queue.ts";
import { TimeUp } from "./slice.ts";
import { createStreaks } from "./streaks.ts";

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

const start: ItemsCursor = {
  ...{ slice: 0, next: 0, undecided: [], signs: { api: 0, storage: 0 }, beginsWithOne: true, streaks: [] },
  row: { result: "", count: 0 },
  tally: emptyTally,
};

export function createItemsSlice<Item>(
  items: Items<Item>,
  { now, maxSliceMs }: ItemsSliceOptions,
  from: ItemsCursor = start,
): ItemsSlice {
  const { groupOf = () => "", isFirstTime = () => true, resultOf = usualResultOf, maxUnsaved = 1 } = items;
  const slice = from.slice + 1;
  const endsAtMs = now().getTime() + maxSliceMs;
  const signs = { ...from.signs };
  const queue = createItemsQueue(items, from);
  const streaks = createStreaks(from.streaks);
  const inFlight = new Map<number, { readonly group: string; readonly task: Promise<void> }>();
  const failedNow = new Set<number>();
  let { tally, row } = from;
  let lastFailure: JobError | undefined;
  let decided = 0;
  let unsaved = 0;
  let hasAsked = false;
  let control: "not asked" | "succeeded" | "denied" | "none" = "not asked";
  let stop: Pause | TimeUp | JobError | undefined;
  let sign = Promise.withResolvers<void>();

  const obtained = () => (signs.api === slice ? true : hasAsked ? false : undefined);
  const denials = () => queue.undecided().filter(({ suspicion }) => suspicion?.evidence === "denied");
  const isInDoubt = () => mayConcernAll(denials().length, queue.isEmpty() && !stop) || isInRow();
  /** What does not exist says so by itself; anything else, again and again, may be the server's. */
  const isInRow = () => areTooManyAlike(row.count);

  /** An error concerns more than a pause does; of two pauses the longer holds. */
  const stopWith = (reason: Pause | TimeUp | JobError) => {
    if (stop instanceof JobError) return;
    const isShorter = stop instanceof Pause && reason instanceof Pause && reason.until <= stop.until;
    if (!isShorter) stop = reason;
  };

  const count = (item: Item, change: Partial<Tally>) => {
    decided++;
    unsaved++;
    tally = { ...tally, ...change, firstTime: tally.firstTime + (isFirstTime(item) ? 1 : 0) };
  };

  const succeed = (place: number, item: Item, isNew: boolean) => {
    queue.decide(place);
    signs.storage = slice;
    row = start.row;
    streaks.succeeded(groupOf(item));
    count(item, { tried: tally.tried + 1, done: tally.done + 1, succeeded: tally.succeeded + (isNew ? 1 : 0) });
  };

  const fail = async (place: number, item: Item, error: JobError) => {
    const result = resultOf(error, item);
    await items.note(item, { error, result });
    queue.decide(place);
    streaks.failed(groupOf(item), result);
    const text = usualResultOf(error);
    row = { result: text, count: error.code === "API_NOT_FOUND" ? 0 : row.result === text ? row.count + 1 : 1 };
    lastFailure = error;
    const alike = { ...tally.alike, [result]: (tally.alike[result] ?? 0) + 1 };
    const firstFailed = tally.firstFailed ?? items.nameOf(item);
    count(item, { tried: tally.tried + 1, failed: tally.failed + 1, alike, firstFailed });
  };

  const failLater = async ({ place, error }: Undecided) => {
    if (error) await fail(place, await queue.at(place), errorFromFacts(error));
  };

  const judge = async (place: number, item: Item, thrown: unknown): Promise<void> => {
    const evidence = evidenceOf(thrown);
    switch (evidence.type) {
      case "wait":
        if (evidence.pause.reason !== "budget") hasAsked = true;
        return stopWith(evidence.pause);
      case "stop":
        return stopWith(evidence.error);
      case "own":
        return fail(place, item, evidence.error);
      case "suspicion": {
        hasAsked = true;
        failedNow.add(place);
        const suspicion: Suspicion = suspicionAfter(queue.suspicionOf(place), evidence.suspicion, slice);
        if (isOwnFault(suspicion, signs)) return fail(place, item, evidence.error);
        queue.suspect({ place, suspicion, error: evidence.error.toJSON() });
        if (suspicion.evidence === "unavailable") stopWith(pauseFor(evidence.error, evidence.until ?? now()));
      }
    }
  };

  const workOn = async (place: number, item: Item): Promise<void> => {
    let isNew = false;
    const succeeded = () => {
      isNew = true;
      signs.api = slice;
      sign.resolve();
    };
    try {
      await items.work(item, succeeded);
      succeed(place, item, isNew);
    } catch (thrown) {
      await judge(place, item, thrown).catch(stopForNote);
    }
  };

  /** What is not noted is not decided: S3 is away, or the deployment is at fault. */
  const stopForNote = (thrown: unknown) => {
    const evidence = evidenceOf(thrown);
    if (evidence.type === "wait") return stopWith(evidence.pause);
    const isAway = evidence.type === "suspicion" && evidence.suspicion.evidence === "unavailable";
    stopWith(isAway ? pauseFor(evidence.error, now()) : evidence.error);
  };

  const fill = async () => {
    while (!stop && !mayConcernAll(denials().length, false) && !isInRow()) {
      const isOne = from.beginsWithOne && decided === 0 && signs.api < slice;
      if (inFlight.size >= (isOne ? 1 : items.concurrency)) return;
      if (decided > 0 && now().getTime() >= endsAtMs) return stopWith(new TimeUp());
      const next = await queue.next();
      if (!next) return;
      const { place, item } = next;
      const group = groupOf(item);
      const ofGroup = [...inFlight.values()].filter((each) => each.group === group).length;
      const move = items.groupOf ? streaks.next(group, ofGroup) : "go";
      if (move === "hold") return queue.putBack(next);
      if (move === "leave") {
        queue.decide(place);
        count(item, { left: tally.left + 1 });
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

  const isControlWorthwhile = () =>
    control === "not asked" &&
    !(stop instanceof JobError) &&
    (isInDoubt() || queue.undecided().some(({ place, suspicion }) => isAlone(place, suspicion)));
  const isAlone = (place: number, suspicion: Suspicion | undefined) =>
    suspicion !== undefined && failedNow.has(place) && isControlDue(suspicion);

  /** A few items that were denied say nothing of others; many end the work, and none of them is blamed. */
  const conclude = async () => {
    const left = denials();
    if (!isInDoubt() || stop instanceof JobError) return;
    const tried = tally.tried + left.length;
    if (left.length > 0 && items.areFewNoted && control !== "denied" && isFew({ ...tally, tried })) {
      for (const each of left) await failLater(each);
      return;
    }
    const error = left[0]?.error;
    if (error) stopWith(errorFromFacts(error));
    else if (lastFailure) stopWith(lastFailure);
  };

  return {
    tally: () => tally,
    run: async () => {
      try {
        for (;;) {
          await fill();
          if (inFlight.size === 0) break;
          await Promise.race([sign.promise, ...[...inFlight.values()].map(({ task }) => task)]);
          sign = Promise.withResolvers();
          await settleDenials();
          if (unsaved >= maxUnsaved && !stop) return "unsaved";
        }
        await settleDenials();
        if (isControlWorthwhile()) return "in doubt";
        await conclude();
      } catch (thrown) {
        stopForNote(thrown);
      }
      await Promise.all([...inFlight.values()].map(({ task }) => task));
      return "ended";
    },
    askControl: async () => {
      try {
        control = "none";
        if (!items.control) return;
        await items.control();
        control = "succeeded";
        signs.api = slice;
        row = start.row;
        for (const each of queue.undecided()) {
          const isDecided = each.suspicion && failedNow.has(each.place) && isOwnFault(each.suspicion, signs);
          if (isDecided) await failLater(each);
        }
        const isBlamed = stop instanceof Pause && stop.reason === "fault" && queue.suspects() === 0;
        if (isBlamed) stop = undefined;
      } catch (thrown) {
        const evidence = evidenceOf(thrown);
        const isDenied =
          evidence.type === "own" || (evidence.type === "suspicion" && evidence.suspicion.evidence === "denied");
        if (isDenied) control = "denied";
        else stopForNote(thrown);
      }
    },
    save: async () => {
      const cursor: ItemsCursor = {
        ...{ slice, next: queue.started(), undecided: queue.undecided(), signs: { ...signs } },
        beginsWithOne: stop instanceof Pause && (stop.reason === "fault" || obtained() === false),
        ...{ streaks: streaks.read(), row, tally },
      };
      unsaved = 0;
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
