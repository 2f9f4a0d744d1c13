import { gunzipSync } from "node:zlib";
import type { Bucket } from "../aws/bucket.ts";
import type { AggregateName } from "../core/day-aggregate.ts";
import { aggregateKeys, stateKeys, type WriteIntent } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { readIntents } from "../storage/manifest-file.ts";

/** What the state bucket shows of a day: what runs wrote that no manifest or ledger names yet. */
export interface DayEvidence {
  /** Write intents for the day's manifest. */
  readonly manifestIntents: () => Promise<readonly WriteIntent[]>;
  /** True if a write intent or an event of a run names these bytes. */
  readonly namesObject: (sha256: string) => Promise<boolean>;
  /** True if a run has begun the day. */
  readonly hasBegun: () => Promise<boolean>;
}

/** Opens what the state bucket shows of a day. Every method throws STORAGE_FAILED on failure. */
export function openDayEvidence(state: Bucket, aggregate: AggregateName, account: string, day: Day): DayEvidence {
  const { dayEventsPrefix, dayIntentsPrefix } = aggregateKeys[aggregate];
  const events = () => state.list(dayEventsPrefix(account, day));
  return {
    manifestIntents: () => readIntents(state, aggregate, account, day),
    namesObject: async (sha256) => {
      if (aggregate === "calls" && (await state.head(stateKeys.dayFileIntent(account, day, sha256)))) return true;
      for await (const { key } of events()) {
        const stored = await state.get(key);
        if (stored && textOf(stored.body).includes(sha256)) return true;
      }
      return false;
    },
    hasBegun: async () => {
      for await (const _event of events()) return true;
      for await (const _intent of state.list(dayIntentsPrefix(account, day))) return true;
      return false;
    },
  };
}

/** A damaged file names nothing: the next run finds the same facts again. */
function textOf(body: Buffer): string {
  try {
    return gunzipSync(body).toString();
  } catch {
    return "";
  }
}
