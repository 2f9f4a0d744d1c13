import type { ListedObject } from "../aws/bucket.ts";
import { compareText } from "../core/compare-text.ts";
import { dayInKey } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";

/** The objects of one day, or "" for consecutive objects of no day, sorted by key. */
export interface DayObjects extends Positioned {
  readonly objects: readonly ListedObject[];
}

interface Positioned {
  readonly day: Day;
  /** Where objects of no day stand between the days, as text that compares with `<day>/`. Absent: at the day. */
  readonly position?: string | undefined;
}

/** Groups a listing, sorted by key, by day. */
export async function* byDay(listing: AsyncIterable<ListedObject>): AsyncGenerator<DayObjects> {
  let group: { readonly day: Day; readonly position: string | undefined; readonly objects: ListedObject[] } | undefined;
  for await (const object of listing) {
    const day = dayInKey(object.key) ?? "";
    if (group?.day !== day) {
      if (group) yield group;
      group = { day, position: day === "" ? positionOf(object.key) : undefined, objects: [] };
    }
    group.objects.push(object);
  }
  if (group) yield group;
}

/** What follows `date=` in a key of no day. */
function positionOf(key: string): string {
  return key.slice(key.indexOf("date=") + "date=".length);
}

/**
 * Merges sources that are sorted by day. `items` has the day's item of each source, undefined where a source has none. Objects
 * of no day come alone, where they stand between the days.
 */
export async function* joinDays<T extends Positioned>(
  sources: readonly AsyncIterable<T>[],
): AsyncGenerator<{ readonly day: Day; readonly items: readonly (T | undefined)[] }> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
  for (;;) {
    const positions = heads.map((head) => (head.done ? undefined : (head.value.position ?? `${head.value.day}/`)));
    const [first] = positions.filter((position) => position !== undefined).sort(compareText);
    if (first === undefined) return;
    const items = heads.map((head, index) => (!head.done && positions[index] === first ? head.value : undefined));
    yield { day: items.find((item) => item !== undefined)?.day ?? "", items };
    for (const [index, item] of items.entries()) {
      const iterator = iterators[index];
      if (item && iterator) heads[index] = await iterator.next();
    }
  }
}
