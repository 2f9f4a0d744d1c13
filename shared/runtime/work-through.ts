import type { Items, ItemsCursor } from "./items.ts";
import { createItemsSlice, type ItemsSliceOptions } from "./items-slice.ts";

/**
 * Processes items until each has succeeded or is reported as failed. Yields a cursor whenever everything before it is
 * stored. If it ends early, no undecided item is reported as failed.
 * @throws Pause or TimeUp to continue in another slice; JobError when the failure concerns all items
 */
export async function* workThrough<Item>(
  items: Items<Item>,
  options: ItemsSliceOptions,
  from?: ItemsCursor,
): AsyncGenerator<ItemsCursor> {
  const slice = createItemsSlice(items, options, from);
  let end = await slice.run();
  while (end === "save-due" || end === "control-due") {
    if (end === "save-due") yield await slice.save();
    else await slice.runControl();
    end = await slice.run();
  }
  yield await slice.save();
  slice.throwIfStopped();
  await items.end?.(slice.tally());
}
