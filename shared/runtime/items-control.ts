import { evidenceOf } from "./evidence.ts";
import type { Items } from "./items.ts";
import type { ItemsQueue } from "./items-queue.ts";

/** `none`: there was nothing to ask for. */
export type ControlResult = "succeeded" | "denied" | "none";

/** Where nothing was had before, so many items from further back are tried: the last first. */
const probesAt = [1, 1 / 2, 3 / 4];

/**
 * Finds out whether anything can be had at all: asks for what was had before, or else for items that have not been started.
 * @throws Pause or JobError for what says nothing of that
 */
export async function askControl<Item>(
  items: Items<Item>,
  queue: ItemsQueue<Item>,
  lastDone: number | undefined,
): Promise<ControlResult> {
  const asked = items.control?.(lastDone === undefined ? undefined : await queue.at(lastDone));
  if (asked) {
    const isDenied = await denies(asked);
    return isDenied ? "denied" : "succeeded";
  }
  const { first, count } = await queue.ahead();
  const places = new Set(probesAt.map((share) => first + Math.ceil(count * share) - 1));
  for (const place of count > 0 ? places : []) {
    let isNew = false;
    // What it stores is found stored when its turn comes.
    const work = items.work(await queue.at(place), () => {
      isNew = true;
    });
    await denies(work);
    if (isNew) return "succeeded";
  }
  return "none";
}

/** True if it is denied, or fails by its own fault. */
async function denies(asked: Promise<void>): Promise<boolean> {
  try {
    await asked;
    return false;
  } catch (thrown) {
    const evidence = evidenceOf(thrown);
    const isDenial = evidence.type === "suspicion" && evidence.suspicion.evidence === "denied";
    if (evidence.type === "own" || isDenial) return true;
    throw thrown;
  }
}
