import type { Bucket } from "../aws/bucket.ts";
import { maxRunDays } from "../contract.ts";
import type { AggregateName } from "../core/day-aggregate.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import { type Day, dayMs } from "../core/time/days.ts";
import { readIntents } from "../storage/manifest-file.ts";

/** What runs have noted in the state bucket and their manifests and ledgers do not contain yet. */
export interface RunEvidence {
  /** True if a run wrote this manifest in the last days and may not have added it to the ledger yet. */
  readonly isIntended: (
    day: Day,
    manifest: { readonly sha256: string; readonly lastModified: Date },
  ) => Promise<boolean>;
  /** True if a run has noted events of a day since its manifest was written. */
  readonly hasNewEvents: (day: Day, since: Date | undefined) => Promise<boolean>;
}

export interface RunEvidenceOptions {
  readonly state: Bucket;
  readonly account: string;
  readonly aggregate: AggregateName;
  readonly now: () => Date;
}

export function createRunEvidence({ state, account, aggregate, now }: RunEvidenceOptions): RunEvidence {
  return {
    isIntended: async (day, { sha256, lastModified }) => {
      const isRecent = now().getTime() - lastModified.getTime() < maxRunDays * dayMs;
      return isRecent && (await readIntents(state, aggregate, account, day)).some((intent) => intent.sha256 === sha256);
    },
    hasNewEvents: async (day, since = new Date(0)) => {
      for await (const { lastModified } of state.list(aggregateKeys[aggregate].dayEventsPrefix(account, day)))
        if (lastModified > since) return true;
      return false;
    },
  };
}
