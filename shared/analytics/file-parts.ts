import { inOrder } from "../core/in-order.ts";
import { filePart } from "./file-part.ts";
import { isOwnFault, noteFailure } from "./note-failure.ts";
import type { AnalyticsServices } from "./services.ts";
import { askOf, type FetchedAsk } from "./stored-pages.ts";

const partsAtOnce = 4;

/** Files what was fetched, several parts at once; yields how many are filed. RingCentral is not asked for anything. */
export async function* fileParts(
  s: AnalyticsServices,
  account: string,
  { asks, from = 0 }: { readonly asks: readonly FetchedAsk[]; readonly from: number | undefined },
): AsyncGenerator<number> {
  yield* inOrder(asks.slice(from), { from, width: partsAtOnce }, async (ask) => {
    try {
      await filePart(s, account, ask);
    } catch (error) {
      if (!isOwnFault(error)) throw error;
      await noteFailure(s, account, askOf(ask), error);
    }
  });
}
