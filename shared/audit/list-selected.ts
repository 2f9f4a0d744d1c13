import type { Bucket, ListedObject } from "../aws/bucket.ts";
import { dayInKey } from "../core/object-keys.ts";
import { includesDay, type Selection } from "./selection.ts";

/** Lists the objects of the selected days below a prefix that ends with `date=`, sorted by key. */
export async function* listSelected(
  bucket: Bucket,
  prefix: string,
  selection: Selection,
): AsyncGenerator<ListedObject> {
  const { days, after } = selection;
  if (days) {
    for (const day of [...days].sort())
      if (includesDay(selection, day))
        for await (const object of bucket.list(`${prefix}${day}`)) if (dayInKey(object.key) === day) yield object;
    return;
  }
  // Keys of no day stand anywhere between the days: those behind the last day were not listed yet.
  const from = after === undefined ? undefined : `${prefix}${after}/\u{10ffff}`;
  for await (const object of bucket.list(prefix, from)) {
    const day = dayInKey(object.key);
    if (day === undefined || includesDay(selection, day)) yield object;
  }
}
