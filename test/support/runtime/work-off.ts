import type { Items, ItemsCursor } from "../../../shared/runtime/items.ts";
import { workThrough } from "../../../shared/runtime/work-through.ts";

/** Works through items in one slice, the first or, with a cursor `from`, a later one. Returns every cursor. */
export async function workOff<Item>(
  items: Items<Item> | Promise<Items<Item>>,
  from?: ItemsCursor,
  now: () => Date = () => new Date(),
): Promise<readonly ItemsCursor[]> {
  const cursors: ItemsCursor[] = [];
  for await (const cursor of workThrough(await items, { now, maxSliceMs: 240_000 }, from)) cursors.push(cursor);
  return cursors;
}
