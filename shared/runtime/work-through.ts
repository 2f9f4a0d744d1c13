import type { Items, ItemsCursor } from "./items.ts";
import { createItemsSlice, type ItemsSliceOptions } from "./items-slice.ts";

/**
 * Works on items until each is decided: done, or noted as failed by its own fault. Yields a cursor whenever everything
 * before it is stored. Where it ends early, nothing that is undecided is blamed.
 * @throws Pause or TimeUp to go on in another slice; JobError for what concerns all items
 */
export async function* workThrough<Item>(
  items: Items<Item>,
  options: ItemsSliceOptions,
  from?: ItemsCursor,
): AsyncGenerator<ItemsCursor> {
  const slice = createItemsSlice(items, options, from);
  let end = await slice.run();
  while (end === "unsaved" || end === "in doubt") {
    if (end === "unsaved") yield await slice.save();
    else await slice.askControl();
    end = await slice.run();
  }
  yield await slice.save();
  slice.throwIfStopped();
  await items.end?.(slice.tally());
}
