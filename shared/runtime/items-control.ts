import { evidenceOf } from "./evidence.ts";
import type { Items } from "./items.ts";
import type { ItemsQueue } from "./items-queue.ts";

/** Result of a control. `none`: nothing was available to request. */
export type ControlResult = "succeeded" | "denied" | "none";

/** Without a known good item, the control tries the items at these shares of the remaining list, last item first. */
const probesAt = [1, 1 / 2, 3 / 4];

/**
 * Tests whether RingCentral serves any item: requests a known good item, else up to three that have not been started.
 * @throws Pause or JobError when the failure proves neither
 */
export async function runControl<Item>(
  items: Items<Item>,
  queue: ItemsQueue<Item>,
  lastDone: number | undefined,
): Promise<ControlResult> {
  const control = items.control?.(lastDone === undefined ? undefined : await queue.at(lastDone));
  if (control) {
    const isDenied = await isDeniedBy(control);
    return isDenied ? "denied" : "succeeded";
  }
  const { first, count } = await queue.ahead();
  const places = new Set(probesAt.map((share) => first + Math.ceil(count * share) - 1));
  for (const place of count > 0 ? places : []) {
    let isNew = false;
    // If this stores the item, the slice finds it stored when its turn comes.
    const work = items.work(await queue.at(place), () => {
      isNew = true;
    });
    await isDeniedBy(work);
    if (isNew) return "succeeded";
  }
  return "none";
}

/** True if the request is denied, or the item itself is at fault. */
async function isDeniedBy(request: Promise<void>): Promise<boolean> {
  try {
    await request;
    return false;
  } catch (thrown) {
    const evidence = evidenceOf(thrown);
    const isDenial = evidence.type === "suspicion" && evidence.suspicion.evidence === "denied";
    if (evidence.type === "own" || isDenial) return true;
    throw thrown;
  }
}
