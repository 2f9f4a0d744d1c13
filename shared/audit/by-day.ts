import type { ListedObject } from "../aws/bucket.ts";
import { dayInKey } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";

/** The objects of one day, sorted by key. */
export interface DayObjects {
  readonly day: Day;
  readonly objects: readonly ListedObject[];
}

/** Groups a listing, sorted by key, by day. */
export async function* byDay(listing: AsyncIterable<ListedObject>): AsyncGenerator<DayObjects> {
  let day: Day | undefined;
  let objects: ListedObject[] = [];
  for await (const object of listing) {
    const objectDay = dayInKey(object.key) ?? "";
    if (objectDay !== day && day !== undefined) {
      yield { day, objects };
      objects = [];
    }
    day = objectDay;
    objects.push(object);
  }
  if (day !== undefined) yield { day, objects };
}

/** Merges sources that are sorted by day. `items` has the day's item of each source, undefined where a source has none. */
export async function* joinDays<T extends { readonly day: Day }>(
  sources: readonly AsyncIterable<T>[],
): AsyncGenerator<{ readonly day: Day; readonly items: readonly (T | undefined)[] }> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
  for (;;) {
    const days = heads.flatMap((head) => (head.done ? [] : [head.value.day])).sort();
    const [day] = days;
    if (day === undefined) return;
    const items = heads.map((head) => (!head.done && head.value.day === day ? head.value : undefined));
    yield { day, items };
    for (const [index, item] of items.entries()) {
      const iterator = iterators[index];
      if (item && iterator) heads[index] = await iterator.next();
    }
  }
}
