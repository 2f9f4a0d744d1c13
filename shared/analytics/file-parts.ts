import { bytesBody } from "../aws/bucket.ts";
import { stateKeys } from "../core/object-keys.ts";
import type { Items } from "../runtime/items.ts";
import { filePart } from "./file-part.ts";
import { noteFailure } from "./note-failure.ts";
import type { AnalyticsServices } from "./services.ts";
import { askOf, createFetchedAsks, type FetchedAsk } from "./stored-pages.ts";

/**
 * What this run, and any that ended before it could, has fetched and nobody has stored. One at a time, for a dataset of
 * thousands of users is large. RingCentral is not asked for anything.
 */
export async function fileParts(s: AnalyticsServices, account: string): Promise<Items<string>> {
  const fetched = await createFetchedAsks(s, account);
  const markFiled = async ({ run, ...ask }: FetchedAsk) => {
    const key = stateKeys.analyticsFiled({ account, run, ask: askOf({ run, ...ask }) });
    await s.state.put(key, bytesBody("{}"), "application/json");
  };
  return {
    concurrency: 1,
    from: (place) => fetched.names.slice(place),
    nameOf: groupIn,
    resultOf: ({ code }, name) => `${groupIn(name)} ${code}`,
    work: async (name, succeeded) => {
      const ask = await fetched.readUnfiled(name);
      if (!ask) return;
      await filePart(s, account, ask);
      await markFiled(ask);
      succeeded();
    },
    note: async (name, failure) => {
      const ask = await fetched.readUnfiled(name);
      if (!ask) return;
      await noteFailure(s, account, askOf(ask), failure);
      await markFiled(ask);
    },
  };
}

/** The group in a name of the form `<run>/<group>-<interval>-<from>-<to>.json`. */
function groupIn(name: string): string {
  return name.slice(name.indexOf("/") + 1).split("-")[0] ?? "";
}
