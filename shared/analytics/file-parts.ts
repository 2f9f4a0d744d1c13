import { bytesBody } from "../aws/bucket.ts";
import { stateKeys } from "../core/object-keys.ts";
import { filePart } from "./file-part.ts";
import { isOwnFault, noteFailure } from "./note-failure.ts";
import type { AnalyticsServices } from "./services.ts";
import { askOf, unfiledAsks } from "./stored-pages.ts";

/**
 * Files what this run, and any that ended before it could, has fetched; yields how many parts are filed. One at a time, for
 * a part of thousands of users is large. RingCentral is not asked for anything.
 */
export async function* fileParts(s: AnalyticsServices, account: string, from = 0): AsyncGenerator<number> {
  let done = from;
  for (const fetched of await unfiledAsks(s, account)) {
    const ask = askOf(fetched);
    try {
      await filePart(s, account, fetched);
    } catch (error) {
      if (!isOwnFault(error)) throw error;
      await noteFailure(s, account, ask, error);
    }
    const key = stateKeys.analyticsFiled({ account, run: fetched.run, ask });
    await s.state.put(key, bytesBody("{}"), "application/json");
    yield ++done;
  }
}
