import type { Suspicion } from "../core/whose-fault.ts";
import type { Items, ItemsCursor, Undecided } from "./items.ts";

export interface Placed<Item> {
  readonly place: number;
  readonly item: Item;
}

/** The order in which a slice starts items, and the items that are not decided. */
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
 * Queues started items that have not failed, then unavailable ones, then new ones. A slice that begins with one item takes
 * a new one, else the one with the fewest failures. Denied items are not requested again in this run.
 */
export function createItemsQueue<Item>(items: Pick<Items<Item>, "from">, from: ItemsCursor): ItemsQueue<Item> {
  const undecided = new Map<number, Undecided>(from.undecided.map((each) => [each.place, each]));
  let started = from.next;
  let isEmpty = false;
  let back: Placed<Item> | undefined;

  const at = (place: number) => itemAt(place, createReader(items));

  async function* inTurn(): AsyncGenerator<Placed<Item>> {
    const read = createReader(items);
    async function* placed(places: readonly Undecided[]): AsyncGenerator<Placed<Item>> {
      for (const { place } of places) yield { place, item: await itemAt(place, read) };
    }
    async function* others(): AsyncGenerator<Placed<Item>> {
      for (let next = await read(started); next; next = await read(started)) yield { place: started++, ...next };
    }
    const open = from.undecided.toSorted((a, b) => a.place - b.place);
    yield* placed(open.filter(({ suspicion }) => !suspicion));
    const fresh = others();
    const first = from.beginsWithOne ? await fresh.next() : undefined;
    if (first && !first.done) yield first.value;
    const unavailable = open.filter(({ suspicion }) => suspicion?.evidence === "unavailable");
    yield* placed(unavailable.toSorted((a, b) => (a.suspicion?.slices ?? 0) - (b.suspicion?.slices ?? 0)));
    yield* fresh;
  }

  const source = inTurn();
  return {
    next: async () => {
      const placed = back ?? (await source.next()).value ?? undefined;
      back = undefined;
      isEmpty = placed === undefined;
      // The next slice starts it again unless it is decided.
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

/** Items that a reader skips before it starts a new iteration: about as many as run concurrently. */
const maxReadPast = 64;

type Read<Item> = (place: number) => Promise<{ readonly item: Item } | undefined>;

/** Reads items by place, each nearby item once, because reading may send a request to S3. */
function createReader<Item>({ from }: Pick<Items<Item>, "from">): Read<Item> {
  async function* itemsFrom(place: number) {
    yield* from(place);
  }
  let reading: AsyncGenerator<Item> | undefined;
  let next = 0;
  return async (place) => {
    if (!reading || place < next || place > next + maxReadPast) [reading, next] = [itemsFrom(place), place];
    for (;;) {
      const { value, done } = await reading.next();
      if (done) return undefined;
      if (next++ === place) return { item: value };
    }
  };
}

async function itemAt<Item>(place: number, read: Read<Item>): Promise<Item> {
  const found = await read(place);
  if (!found) throw new RangeError(`there is no item at place ${place}`);
  return found.item;
}
