import type { ListedObject } from "../aws/bucket.ts";
import { dayInKey } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";

/** The objects of one day, in the order of their keys. */
export interface DayObjects {
  readonly day: Day;
  readonly objects: readonly ListedObject[];
}

/** Cuts a listing, which comes in the order of keys, into days. */
export async function* byDay(listing: AsyncIterable<ListedObject>): AsyncGenerator<DayObjects> {
  let day: Day | undefined;
  let objects: ListedObject[] = [];
  for await (const object of listing) {
    const own = dayInKey(object.key) ?? "";
    if (own !== day && day !== undefined) {
      yield { day, objects };
      objects = [];
    }
    day = own;
    objects.push(object);
  }
  if (day !== undefined) yield { day, objects };
}

/** Sorted sources of days as one: for each day that any has, what each has of it. */
export async function* joinDays<T extends { readonly day: Day }>(
  sources: readonly AsyncIterable<T>[],
): AsyncGenerator<{ readonly day: Day; readonly of: readonly (T | undefined)[] }> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
  for (;;) {
    const days = heads.flatMap((head) => (head.done ? [] : [head.value.day])).sort();
    const [day] = days;
    if (day === undefined) return;
    const of = heads.map((head) => (!head.done && head.value.day === day ? head.value : undefined));
    yield { day, of };
    for (const [place, has] of of.entries()) {
      const iterator = iterators[place];
      if (has && iterator) heads[place] = await iterator.next();
    }
  }
}
