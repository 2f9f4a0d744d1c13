import type { DayAggregate } from "../core/day-aggregate.ts";
import type { DayManifest } from "../core/day-manifest.ts";
import type { Run } from "../runtime/job.ts";
import { createDayStore, type DayStore } from "../storage/day-store.ts";
import type { StorageServices } from "./storage-services.ts";

/** Opens the days of an account. */
export type OpenDayStore<M extends DayManifest, E> = (account: string) => DayStore<M, E>;

/**
 * Returns a function that creates each slice's day store. Slices of one invocation share it: a `Run` object lives as long
 * as its invocation. Another invocation of the same run, perhaps in another container, reads again.
 */
export function createDayStores<M extends DayManifest, E>(aggregate: DayAggregate<M, E>) {
  const stores = new WeakMap<Run, Map<string, DayStore<M, E>>>();
  return (services: Pick<StorageServices, "archive" | "state" | "timeZone" | "run" | "now">): OpenDayStore<M, E> =>
    (account) => {
      const ofRun = stores.get(services.run) ?? new Map<string, DayStore<M, E>>();
      stores.set(services.run, ofRun);
      const store = ofRun.get(account) ?? createDayStore({ ...services, aggregate, account });
      ofRun.set(account, store);
      return store;
    };
}
