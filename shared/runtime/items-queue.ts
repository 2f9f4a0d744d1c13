import type { Suspicion } from "../core/whose-fault.ts";
import type { Items, ItemsCursor, Undecided } from "./items.ts";

export interface Placed<Item> {
  readonly place: number;
  readonly item: Item;
}

/** In which order a slice starts items, and which of them are not decided. */
export interface ItemsQueue<Item> {
  /** The next item to start; undefined if there is none. */
  readonly next: () => Promise<Placed<Item> | undefined>;
  readonly putBack: (placed: Placed<Item>) => void;
  readonly isEmpty: () => boolean;
  /** Every item before this place has been started. */
  readonly started: () => number;
  readonly undecided: () => readonly Undecided[];
  /** How many of the undecided have failed. */
  readonly suspects: () => number;
  readonly suspicionOf: (place: number) => Suspicion | undefined;
  readonly suspect: (undecided: Undecided) => void;
  readonly decide: (place: number) => void;
  readonly at: (place: number) => Promise<Item>;
  /** The first place that has not been started, and how many there are from there on. */
  readonly ahead: () => Promise<{ readonly first: number; readonly count: number }>;
}

/**
 * First what was started and has not failed, then what was unavailable, then the others. Where a slice begins with one
 * item, that is another each time: one that has not failed yet if there is any, else the one that failed least often.
 * What was denied is not asked for again in this run.
 */
export function createItemsQueue<Item>(items: Pick<Items<Item>, "from">, from: ItemsCursor): ItemsQueue<Item> {
  const undecided = new Map<number, Undecided>(from.undecided.map((each) => [each.place, each]));
  let started = from.next;
  let isEmpty = false;
  let back: Placed<Item> | undefined;

  const at = async (place: number): Promise<Item> => {
    for await (const item of items.from(place)) return item;
    throw new RangeError(`there is no item at place ${place}`);
  };

  async function* fresh(): AsyncGenerator<Placed<Item>> {
    for await (const item of items.from(started)) yield { place: started++, item };
  }

  async function* inTurn(): AsyncGenerator<Placed<Item>> {
    const open = [...from.undecided];
    const others = fresh();
    for (const { place, suspicion } of open) if (!suspicion) yield { place, item: await at(place) };
    const first = from.beginsWithOne ? await others.next() : undefined;
    if (first && !first.done) yield first.value;
    const unavailable = open.filter(({ suspicion }) => suspicion?.evidence === "unavailable");
    unavailable.sort((a, b) => (a.suspicion?.slices ?? 0) - (b.suspicion?.slices ?? 0));
    for (const { place } of unavailable) yield { place, item: await at(place) };
    yield* others;
  }

  const source = inTurn();
  return {
    next: async () => {
      const placed = back ?? (await source.next()).value ?? undefined;
      back = undefined;
      isEmpty = placed === undefined;
      // Until it is decided, the next slice starts it again.
      if (placed && !undecided.has(placed.place)) undecided.set(placed.place, { place: placed.place });
      return placed;
    },
    putBack: (placed) => {
      back = placed;
    },
    isEmpty: () => isEmpty,
    started: () => started,
    undecided: () => [...undecided.values()],
    suspects: () => [...undecided.values()].filter(({ suspicion }) => suspicion).length,
    suspicionOf: (place) => undecided.get(place)?.suspicion,
    suspect: (each) => void undecided.set(each.place, each),
    decide: (place) => void undecided.delete(place),
    at,
    ahead: async () => {
      const first = started;
      let count = 0;
      for await (const _item of items.from(first)) count++;
      return { first, count };
    },
  };
}
