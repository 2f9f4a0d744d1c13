import type { Bucket } from "../../aws/bucket.ts";
import { aggregateKeys, dayInKey } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { readCachedAccount } from "../../storage/cached-account.ts";
import type { StorageServices } from "../../wiring/storage-services.ts";
import { readBuildIndex, sourceVersion } from "./build-index.ts";
import type { TablesRequest } from "./request.ts";

/** The days of a run; stored as a step's result. */
export interface DaysToBuild {
  readonly account: string;
  /** In the order of building. */
  readonly days: readonly Day[];
  /** True to build days again whose manifests have not changed. */
  readonly rebuild: boolean;
}

export interface FoundDays extends DaysToBuild {
  /** Requested days that are skipped, because their tables are up to date. */
  readonly upToDate: readonly Day[];
}

export type TablesBuckets = Pick<StorageServices, "archive" | "state" | "derived">;

/**
 * Finds the days whose manifests changed since their tables were built. Undefined if no run has identified an account
 * yet.
 */
export async function findDaysToBuild(
  { archive, state, derived }: TablesBuckets,
  { days: requestedDays, rebuild }: TablesRequest,
): Promise<FoundDays | undefined> {
  const account = (await readCachedAccount(state))?.id;
  if (account === undefined) return undefined;
  const index = await readBuildIndex(derived, account);
  const manifests = await listManifests(archive, account);
  const isDue = (day: Day) => index.sourceVersionOf(day) !== sourceVersion(manifests.get(day) ?? {});
  const first = new Set(requestedDays.filter((day) => manifests.has(day) && (rebuild || isDue(day))));
  // The newest first, because they are queried most.
  const rest = [...manifests.keys()].filter(
    (day) => !first.has(day) && ((rebuild && requestedDays.length === 0) || isDue(day)),
  );
  const upToDate = requestedDays.filter((day) => manifests.has(day) && !first.has(day));
  return { account, days: [...first, ...rest.sort().reverse()], rebuild, upToDate };
}

/** Returns the ETags of each day's manifests; costs LIST requests only. */
async function listManifests(archive: Bucket, account: string) {
  const manifests = new Map<Day, { calls?: string; analytics?: string }>();
  for (const aggregate of ["calls", "analytics"] as const) {
    for await (const { key, etag } of archive.list(aggregateKeys[aggregate].manifestsPrefix(account))) {
      const day = dayInKey(key);
      if (day && key === aggregateKeys[aggregate].manifest(account, day))
        manifests.set(day, { ...manifests.get(day), [aggregate]: etag });
    }
  }
  return manifests;
}
