import type { Bucket } from "../../aws/bucket.ts";
import { aggregateNames } from "../../core/day-aggregate.ts";
import { aggregateKeys, dayInKey } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { readAccountNote } from "../../storage/cached-account.ts";
import { readBuildIndex, sourceVersion } from "./build-index.ts";
import type { TablesRequest } from "./request.ts";

/** What a run works on; kept as a step's result. */
export interface DaysToBuild {
  readonly account: string;
  /** In the order of building. */
  readonly days: readonly Day[];
  /** True where a day is built though it was built from the same before. */
  readonly rebuild: boolean;
}

export interface FoundDays extends DaysToBuild {
  /** Requested days that are left out: their tables were built from the manifests as they are. */
  readonly upToDate: readonly Day[];
}

/** The days whose manifests are others than those that their tables were built from; of no account, nothing is known yet. */
export async function findDaysToBuild(
  { archive, state }: { readonly archive: Bucket; readonly state: Bucket },
  { days: asked, rebuild }: TablesRequest,
): Promise<FoundDays | undefined> {
  const account = (await readCachedAccount(state))?.id;
  if (account === undefined) return undefined;
  const built = await readBuildIndex(state, account);
  const there = await manifestsThere(archive, account);
  const isDue = (day: Day) => built.sourceVersionOf(day) !== sourceVersion(there.get(day) ?? {});
  const first = new Set(asked.filter((day) => there.has(day) && (rebuild || isDue(day))));
  // The newest first: those are looked at.
  const rest = [...there.keys()].filter((day) => !first.has(day) && ((rebuild && asked.length === 0) || isDue(day)));
  const upToDate = asked.filter((day) => there.has(day) && !first.has(day));
  return { account, days: [...first, ...rest.sort().reverse()], rebuild, upToDate };
}

/** ETags of the manifests of each day that has any; costs LISTs only. */
async function manifestsThere(archive: Bucket, account: string) {
  const there = new Map<Day, { calls?: string; analytics?: string }>();
  for (const aggregate of aggregateNames) {
    for await (const { key, etag } of archive.list(aggregateKeys[aggregate].manifestsPrefix(account))) {
      const day = dayInKey(key);
      if (day && key === aggregateKeys[aggregate].manifest(account, day))
        there.set(day, { ...there.get(day), [aggregate]: etag });
    }
  }
  return there;
}
